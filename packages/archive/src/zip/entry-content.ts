/** Unpacks one entry, and never hands out more or other bytes than its header promises. */
import { promisify } from 'node:util'
import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { type ByteSource, chunksOf, passingChunksOf, readExactly } from '../byte-source.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { inflateInto } from './inflate-into.ts'
import type { EntryData } from './local-header.ts'
import { giveMemoryBack, lendMemory } from './passing-memory.ts'
import { deflated, encryptedFlags, stored, type ZipEntry } from './zip-entry.ts'

/** Entries up to this size are unpacked at once, which is several times faster than a stream. */
export const smallEntry = 1024 * 1024
/** A deflated byte stands for at most 258 bytes for each two bits. */
const mostFromOneByte = 1032

/** Refuses what this package does not unpack, before any byte is read. */
export function checkReadable({ name, method, flags }: ZipEntry): void {
  if ((flags & encryptedFlags) !== 0) {
    throw new InvalidArchive('encrypted', 'The entry is encrypted; store it in the clear.', name)
  }
  if (method === stored || method === deflated) return
  const known = new Map([
    [9, 'deflate64'],
    [12, 'bzip2'],
    [14, 'LZMA'],
    [93, 'Zstandard'],
    [95, 'XZ'],
  ])
  const message = `The entry is packed by method ${method} (${known.get(method) ?? 'unknown'}); use deflate or store it.`
  throw new InvalidArchive('unsupported-method', message, name)
}

/** The whole entry. The caller has made sure that its size may be held. */
export async function unpackWhole(
  source: ByteSource,
  entry: ZipEntry,
  data: EntryData,
): Promise<Uint8Array> {
  const packed = await packedBytes(source, data)
  if (entry.method === stored) return checked(packed, entry)
  return checked(inflate(packed, entry, Buffer.allocUnsafe(room(entry))), entry)
}

/** The entry in chunks; of larger ones, the last is handed out before its CRC is known to be right. */
export async function* unpackChunks(
  source: ByteSource,
  entry: ZipEntry,
  data: EntryData,
  readStored: typeof passingChunksOf = chunksOf,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (data.bytes && entry.size <= smallEntry) {
    yield await unpackWhole(source, entry, data)
    return
  }
  const { start, end } = data
  const chunks =
    entry.method === stored
      ? readStored(source, start, end)
      : inflateChunks(passingChunksOf(source, start, end), entry)
  const check = new ContentCheck(entry)
  for await (const chunk of chunks) {
    check.add(chunk)
    yield chunk
  }
  check.end()
}

/** The whole entry, good until the next chunk is asked for. The caller has made sure that its size may be held. */
export async function* passWhole(
  source: ByteSource,
  entry: ZipEntry,
  data: EntryData,
): AsyncGenerator<Uint8Array, void, undefined> {
  const packed = await packedBytes(source, data)
  if (entry.method === stored) return yield checked(packed, entry)
  const memory = lendMemory(room(entry))
  try {
    yield checked(inflate(packed, entry, memory), entry)
  } finally {
    giveMemoryBack(memory)
  }
}

async function packedBytes(source: ByteSource, { start, end, bytes }: EntryData) {
  return bytes ?? (await readExactly(source, start, end))
}

export function checked(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  const check = new ContentCheck(entry)
  check.add(bytes)
  check.end()
  return bytes
}

/** Counts and sums what comes out, and stops at the first byte too many. */
export class ContentCheck {
  readonly #entry: ZipEntry
  #size = 0
  #crc = 0

  constructor(entry: ZipEntry) {
    this.#entry = entry
  }

  add(chunk: Uint8Array): void {
    this.#size += chunk.length
    if (this.#size > this.#entry.size) throw tooMuch(this.#entry)
    this.#crc = crc32(chunk, this.#crc)
  }

  end(): void {
    const { size, name } = this.#entry
    if (this.#size !== size) {
      const message = `The entry has ${this.#size} bytes; ${size} are promised.`
      throw new InvalidArchive('size-mismatch', message, name)
    }
    if (this.#crc === this.#entry.crc32) return
    throw new InvalidArchive('bad-crc', 'The CRC of the entry is wrong; it is damaged.', name)
  }
}

export function inflate(packed: Uint8Array, entry: ZipEntry, memory: Uint8Array): Uint8Array {
  try {
    const { consumed, produced } = inflateInto(memory, packed)
    if (produced > entry.size) throw tooMuch(entry)
    checkConsumed(consumed, entry)
    return memory.subarray(0, produced)
  } catch (error) {
    throw asInvalidDeflate(error, entry)
  }
}

/**
 * One byte more than promised, so that zlib sees the end and that there is too much; but no more than deflate can make of the
 * data that is really there.
 */
export function room({ size, compressedSize }: ZipEntry): number {
  return Math.min(size, compressedSize * mostFromOneByte) + 1
}

async function* inflateChunks(
  packed: AsyncIterable<Uint8Array>,
  entry: ZipEntry,
): AsyncGenerator<Uint8Array, void, undefined> {
  const engine = createInflateRaw({ chunkSize: 64 * 1024 })
  void feed(packed, engine)
  try {
    yield* engine as AsyncIterable<Uint8Array>
  } catch (error) {
    throw asInvalidDeflate(error, entry)
  }
  checkConsumed(engine.bytesWritten, entry)
}

/** Asks for each chunk when the one before is used up. Never rejects: what goes wrong is an error of the engine. */
async function feed(packed: AsyncIterable<Uint8Array>, engine: InflateRaw): Promise<void> {
  try {
    for await (const chunk of packed) {
      await promisify<Uint8Array, void>(engine.write).call(engine, chunk)
    }
    engine.end()
  } catch (error) {
    engine.destroy(error as Error)
  }
}

function checkConsumed(consumed: number, entry: ZipEntry): void {
  if (consumed === entry.compressedSize) return
  const message = `The packed data ends after ${consumed} bytes; ${entry.compressedSize} are promised.`
  throw new InvalidArchive('size-mismatch', message, entry.name)
}

function tooMuch({ size, name }: ZipEntry): InvalidArchive {
  const message = `The entry unpacks to more than the ${size} bytes it promises.`
  return new InvalidArchive('size-mismatch', message, name)
}

export function asInvalidDeflate(error: unknown, entry: ZipEntry): unknown {
  const code = (error as { code?: string }).code
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooMuch(entry)
  if (!code?.startsWith('Z_')) return error
  const message = `The packed data is damaged (${(error as Error).message}).`
  return new InvalidArchive('bad-data', message, entry.name)
}
