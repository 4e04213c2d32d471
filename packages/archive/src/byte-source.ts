/** Random access to bytes, wherever they are, so that a zip can be read without holding it. */
import { type FileHandle, open } from 'node:fs/promises'
import { InvalidArchive } from './invalid-archive.ts'

/** Bytes readable at any place: a buffer, an open file, a stored blob, HTTP ranges. */
export interface ByteSource {
  /** The number of bytes there are. */
  readonly size: number
  /** The bytes from `start` up to, not including, `end`; fewer only where the source ends. */
  read(start: number, end: number): Promise<Uint8Array>
  /** Fills the memory with the bytes from `start` on; returns how many, fewer only where the source ends. For sources that can. */
  readInto?(memory: Uint8Array, start: number): Promise<number>
  /** The bytes from `start` up to `end`, without waiting, and good until the next look. For sources that can. */
  look?(start: number, end: number): Uint8Array
}

/** Bytes that are here: in memory, or in a file that is read while everything else stands still. */
export type PresentSource = ByteSource & Required<Pick<ByteSource, 'look'>>

export function isPresent(source: ByteSource): source is PresentSource {
  return source.look !== undefined
}

const chunkSize = 256 * 1024

/**
 * The bytes of a buffer, without copying them.
 *
 * @example
 * ```ts
 * bytesSource(new Uint8Array(3)).size // 3
 * ```
 */
export function bytesSource(bytes: Uint8Array): PresentSource {
  const look = (start: number, end: number) => bytes.subarray(start, end)
  return { size: bytes.length, look, read: async (start, end) => look(start, end) }
}

/**
 * An open file as a source; disposing it closes the file. Rejects with Node's own error if the file
 * cannot be opened.
 *
 * @example
 * ```ts
 * await openFileSource('/there/is/no/such.whl').catch((error) => error.code) // 'ENOENT'
 * ```
 */
export async function openFileSource(path: string): Promise<ByteSource & AsyncDisposable> {
  const file = await open(path, 'r')
  const { size } = await file.stat()
  const readInto = (memory: Uint8Array, start: number) => fillFrom(file, memory, start)
  return {
    size,
    async read(start, end) {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, size) - start))
      return bytes.subarray(0, await readInto(bytes, start))
    },
    readInto,
    [Symbol.asyncDispose]: () => file.close(),
  }
}

/**
 * The bytes of a source in order, in chunks of at most 256 KiB, each read when it is asked for.
 *
 * @example
 * ```ts
 * (await Array.fromAsync(chunksOf(bytesSource(new Uint8Array(5)), 1, 4)))[0].length // 3
 * ```
 */
export async function* chunksOf(
  source: ByteSource,
  start = 0,
  end = source.size,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < end; at += chunkSize) {
    yield await readExactly(source, at, Math.min(at + chunkSize, end))
  }
}

/** As `chunksOf`, but each chunk is good only until the next is asked for: one piece of memory serves all of them. */
export async function* passingChunksOf(
  source: ByteSource,
  start: number,
  end: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (source.readInto === undefined) return yield* chunksOf(source, start, end)
  const memory = new Uint8Array(Math.min(chunkSize, Math.max(0, end - start)))
  for (let at = start; at < end; at += chunkSize) {
    const chunk = memory.subarray(0, Math.min(chunkSize, end - at))
    const filled = await source.readInto(chunk, at)
    if (filled < chunk.length) throw endsTooEarly(at, at + chunk.length, filled)
    yield chunk
  }
}

/** The bytes asked for, all of them, or InvalidArchive: a source may end before its headers say. */
export async function readExactly(
  source: ByteSource,
  start: number,
  end: number,
): Promise<Uint8Array> {
  const bytes = await source.read(start, end)
  if (bytes.length === end - start) return bytes
  throw endsTooEarly(start, end, bytes.length)
}

/** The bytes asked for, all of them, or InvalidArchive; good until the next look. */
export function lookExactly(source: PresentSource, start: number, end: number): Uint8Array {
  const bytes = source.look(start, end)
  if (bytes.length === end - start) return bytes
  throw endsTooEarly(start, end, bytes.length)
}

function endsTooEarly(start: number, end: number, there: number): InvalidArchive {
  const message = `The archive ends too early: bytes ${start} to ${end} are needed, ${there} of them are there.`
  return new InvalidArchive('truncated', message)
}

async function fillFrom(file: FileHandle, memory: Uint8Array, start: number): Promise<number> {
  let filled = 0
  while (filled < memory.length) {
    const { bytesRead } = await file.read(memory, filled, memory.length - filled, start + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled
}
