/** Finds an entry's data through its local header, which must repeat the central directory. */
import { type ByteSource, lookExactly, type PresentSource, readExactly } from '../byte-source.ts'
import { quoted } from '../entry-name.ts'
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { asBuffer } from './end-record.ts'
import { applyExtraFields } from './extra-fields.ts'
import { descriptorFlag, type ZipEntry } from './zip-entry.ts'

/** Where an entry's packed data lies; `bytes` if it was read along with the header. */
export interface EntryData {
  readonly start: number
  readonly end: number
  /** Where the entry ends: after its data, and its data descriptor if it has one. */
  readonly recordEnd: number
  readonly bytes?: Buffer
}

const signature = 0x04034b50
const headerSize = 30
/** Entries up to this size are read in one go: one system call, or one HTTP request. */
const oneRead = 1024 * 1024

/** Throws InvalidArchive where there is no header; contradictions go to `to`. */
export async function locateData(
  source: ByteSource,
  entry: ZipEntry,
  to: Findings,
): Promise<EntryData> {
  const reading = locate(entry, to)
  let step = reading.next()
  while (!step.done) step = reading.next(asBuffer(await readExactly(source, ...step.value)))
  return step.value
}

/** The same of bytes that are here; those of the entry are good until the next look. */
export function locatePresentData(source: PresentSource, entry: ZipEntry, to: Findings): EntryData {
  const reading = locate(entry, to)
  let step = reading.next()
  while (!step.done) step = reading.next(asBuffer(lookExactly(source, ...step.value)))
  return step.value
}

/** Each step asks for the bytes from one place to another. */
type Reading<Result> = Generator<[start: number, end: number], Result, Buffer>

function* locate(entry: ZipEntry, to: Findings): Reading<EntryData> {
  const { headerOffset, slotEnd, name } = entry
  const isWhole = slotEnd - headerOffset <= oneRead
  const firstRead = isWhole ? slotEnd : Math.min(headerOffset + headerSize, slotEnd)
  const slot = yield [headerOffset, Math.max(headerOffset, firstRead)]
  if (slot.length < headerSize || slot.readUInt32LE(0) !== signature) {
    const message = `There is no whole local header at ${headerOffset}, where the directory says.`
    throw new InvalidArchive('bad-local-header', message, name)
  }
  const nameEnd = headerSize + slot.readUInt16LE(26)
  const length = nameEnd + slot.readUInt16LE(28)
  const start = headerOffset + length
  const end = start + entry.compressedSize
  if (end > slotEnd) {
    const message = `The data should end at ${end}, but the next record starts at ${slotEnd}.`
    throw new InvalidArchive('overlap', message, name)
  }
  const header = isWhole ? slot : yield [headerOffset, start]
  compareHeaders(header.subarray(0, length), nameEnd, entry, to)
  const dataEnd = length + entry.compressedSize
  if (isWhole) {
    const recordEnd = end + descriptorLength(slot.subarray(dataEnd, dataEnd + 24), entry, end, to)
    return { start, end, recordEnd, bytes: slot.subarray(length, dataEnd) }
  }
  const hasDescriptor = (entry.flags & descriptorFlag) !== 0
  const behind = hasDescriptor
    ? yield [end, end + Math.min(24, slotEnd - end)]
    : slot.subarray(0, 0)
  return { start, end, recordEnd: end + descriptorLength(behind, entry, end, to) }
}

function compareHeaders(header: Buffer, nameEnd: number, entry: ZipEntry, to: Findings): void {
  const differs = (what: string, here: unknown, there: unknown): void => {
    const message = `The ${what} is ${here} in the local header and ${there} in the central directory.`
    to.refuse('local-header-differs', message, entry.name)
  }
  const rawName = header.subarray(headerSize, nameEnd)
  if (!rawName.equals(Buffer.from(entry.name))) {
    differs('name', quoted(rawName.toString('utf8')), quoted(entry.name))
  }
  const flags = header.readUInt16LE(6)
  const fields = {
    method: header.readUInt16LE(8),
    crc32: header.readUInt32LE(14),
    compressedSize: header.readUInt32LE(18),
    size: header.readUInt32LE(22),
  }
  if (flags !== entry.flags) differs('set of flags', flags, entry.flags)
  if (fields.method !== entry.method) differs('method', fields.method, entry.method)
  const header64 = { entry: entry.name, rawName, extra: header.subarray(nameEnd) }
  const local = applyExtraFields(fields, header64, to)
  for (const field of ['crc32', 'compressedSize', 'size'] as const) {
    const later = (entry.flags & descriptorFlag) !== 0 && local[field] === 0
    if (local[field] !== entry[field] && !later) differs(field, local[field], entry[field])
  }
}

/** Bytes of the data descriptor, with which `found` begins: 0 without one, else its checked length. */
function descriptorLength(found: Buffer, entry: ZipEntry, end: number, to: Findings): number {
  if ((entry.flags & descriptorFlag) === 0) return 0
  const message = 'Sizes follow the data (a data descriptor) instead of standing before it.'
  to.remark('data-descriptor', message, entry.name)
  const room = entry.slotEnd - end
  const fitting = descriptorsOf(entry).filter((bytes) => startsWith(found, bytes))
  const length = fitting.find((bytes) => bytes.length === room)?.length ?? fitting[0]?.length
  if (length !== undefined) return length
  const wrong =
    'The data descriptor is missing, or its CRC or sizes are not those of the directory.'
  to.refuse('bad-data-descriptor', wrong, entry.name)
  return 0
}

/** APPNOTE 4.3.9: with or without a signature, with 32-bit or with 64-bit sizes. */
function descriptorsOf(entry: ZipEntry): Buffer[] {
  const short = Buffer.alloc(16)
  short.writeUInt32LE(0x08074b50, 0)
  short.writeUInt32LE(entry.crc32, 4)
  const long = Buffer.alloc(24)
  short.copy(long)
  long.writeBigUInt64LE(BigInt(entry.compressedSize), 8)
  long.writeBigUInt64LE(BigInt(entry.size), 16)
  if (Math.max(entry.size, entry.compressedSize) > 0xffffffff) return [long, long.subarray(4)]
  short.writeUInt32LE(entry.compressedSize, 8)
  short.writeUInt32LE(entry.size, 12)
  return [short, short.subarray(4), long, long.subarray(4)]
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.subarray(0, prefix.length).equals(prefix)
}
