/** Writes zip files whose bytes depend on nothing but the entries. */
import { crc32, deflateRawSync } from 'node:zlib'
import { checkEntryName } from '../entry-name.ts'
import { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { defaultLimits } from '../limits.ts'
import { checkCollisions } from '../name-collisions.ts'
import { deflated, stored, utf8Flag } from './zip-entry.ts'

/** One entry to be written. A name that ends with "/" is a folder. */
export interface ZipInput {
  readonly name: string
  /** Text is written as UTF-8. */
  readonly bytes: Uint8Array | string
  /** Permission bits, 0o644 unless given (0o755 for folders), or a whole Unix mode. */
  readonly mode?: number
  /** `deflate` unless given, where that is shorter. */
  readonly method?: 'store' | 'deflate'
}

/**
 * A zip file of these entries, in this order, dated 1980-01-01: the same input gives the same bytes.
 * Throws InvalidArchive for names that {@link Zip.open} would refuse, and for more than 65,534
 * entries or 4 GiB.
 *
 * @example
 * ```ts
 * writeZip([{ name: 'a.txt', bytes: 'hello', method: 'store' }]).length // 113
 * ```
 */
export function writeZip(entries: Iterable<ZipInput>): Uint8Array {
  const written: Buffer[] = []
  const directory: Buffer[] = []
  const names: string[] = []
  let offset = 0
  for (const input of entries) {
    const entry = packEntry(input, offset)
    written.push(localHeader(entry), entry.data)
    directory.push(directoryHeader(entry))
    names.push(input.name)
    offset += 30 + entry.name.length + entry.data.length
  }
  const size = directory.reduce((sum, header) => sum + header.length, 0)
  checkWritable(names, offset + size)
  return Buffer.concat([...written, ...directory, endRecord(names.length, size, offset)])
}

interface PackedEntry {
  readonly name: Buffer
  readonly data: Buffer
  readonly method: number
  readonly size: number
  readonly crc: number
  readonly mode: number
  readonly offset: number
}

function packEntry(input: ZipInput, offset: number): PackedEntry {
  const bytes = Buffer.from(input.bytes as string)
  const packed = input.method === 'store' ? bytes : deflateRawSync(bytes)
  const method = packed.length < bytes.length ? deflated : stored
  const isFolder = input.name.endsWith('/')
  const given = input.mode ?? (isFolder ? 0o755 : 0o644)
  return {
    name: Buffer.from(input.name),
    data: method === deflated ? packed : bytes,
    method,
    size: bytes.length,
    crc: crc32(bytes),
    mode: given > 0o7777 ? given : given | (isFolder ? 0o040000 : 0o100000),
    offset,
  }
}

/** The fields that both headers share, from "version needed" to the length of the name. */
function sharedFields({ name, data, method, size, crc }: PackedEntry): Buffer {
  const fields = Buffer.alloc(26)
  fields.writeUInt16LE(20, 0)
  fields.writeUInt16LE(isAscii(name) ? 0 : utf8Flag, 2)
  fields.writeUInt16LE(method, 4)
  fields.writeUInt16LE((1 << 5) | 1, 8)
  fields.writeUInt32LE(crc, 10)
  fields.writeUInt32LE(data.length, 14)
  fields.writeUInt32LE(size, 18)
  fields.writeUInt16LE(name.length, 22)
  return fields
}

function isAscii(bytes: Buffer): boolean {
  return bytes.every((byte) => byte < 0x80)
}

function localHeader(entry: PackedEntry): Buffer {
  return Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), sharedFields(entry), entry.name])
}

function directoryHeader(entry: PackedEntry): Buffer {
  // Made by Unix (3), version 2.0.
  const start = Buffer.from('PK\x01\x02\x14\x03', 'latin1')
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(((entry.mode << 16) | ((entry.mode & 0o040000) >> 10)) >>> 0, 6)
  rest.writeUInt32LE(entry.offset, 10)
  return Buffer.concat([start, sharedFields(entry), rest, entry.name])
}

function endRecord(count: number, size: number, offset: number): Buffer {
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

function checkWritable(names: readonly string[], size: number): void {
  const refusing = Findings.refusing()
  for (const name of names) checkEntryName(name, defaultLimits, refusing)
  checkCollisions(names, refusing)
  if (names.length < 0xffff && size < 0xffffffff) return
  const message = `${names.length} entries and ${size} bytes need ZIP64, which is not written.`
  throw new InvalidArchive('too-large', message)
}
