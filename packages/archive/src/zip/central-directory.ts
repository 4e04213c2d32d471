/** Reads the central directory: the one list of entries that readers agree to believe. */
import { type ByteSource, readExactly } from '../byte-source.ts'
import { checkEntryName, quoted } from '../entry-name.ts'
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { type ArchiveLimits, checkEntry, checkTotal } from '../limits.ts'
import { checkCollisions } from '../name-collisions.ts'
import { asBuffer, type EndRecord } from './end-record.ts'
import { applyExtraFields } from './extra-fields.ts'
import {
  encryptedFlags,
  fromDosTime,
  knownFlags,
  modeType,
  stored,
  utf8Flag,
  type ZipEntry,
} from './zip-entry.ts'

/** All entries in directory order. Throws InvalidArchive where the directory makes no sense. */
export async function readCentralDirectory(
  source: ByteSource,
  end: EndRecord,
  limits: ArchiveLimits,
  to: Findings,
): Promise<ZipEntry[]> {
  const bytes = await directoryBytes(source, end)
  const records = [...frames(bytes, limits)].map((frame) => readRecord(bytes, frame, limits, to))
  if (records.length !== end.entryCount) {
    const message = `The end record counts ${end.entryCount} entries, the directory has ${records.length}.`
    to.refuse('count-mismatch', message)
  }
  const entries = withSlots(records, end.directoryStart, to)
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0)
  checkCollisions(
    entries.map((entry) => entry.name),
    to,
  )
  checkTotal({ packed: source.size, unpacked }, limits)
  return entries
}

const signature = 0x02014b50
const headerSize = 46
/** No real directory comes near; it bounds what a hostile one makes us hold. */
const largestDirectory = 32 * 2 ** 20

export type DirectoryRecord = Omit<ZipEntry, 'slotEnd'>

function checkDirectorySize(end: EndRecord): void {
  const size = end.directoryEnd - end.directoryStart
  if (size <= largestDirectory) return
  const message = `The central directory has ${size} bytes; the limit is ${largestDirectory}.`
  throw new InvalidArchive('too-large', message)
}

function tooMany(limits: ArchiveLimits): InvalidArchive {
  const message = `The archive has more than ${limits.entries} entries, which is the limit.`
  return new InvalidArchive('too-many-entries', message)
}

export async function directoryBytes(source: ByteSource, end: EndRecord): Promise<Buffer> {
  checkDirectorySize(end)
  const { tail, directoryStart, directoryEnd } = end
  if (directoryStart >= tail.start) {
    return tail.bytes.subarray(directoryStart - tail.start, directoryEnd - tail.start)
  }
  return asBuffer(await readExactly(source, directoryStart, directoryEnd))
}

/** Where a record and its parts are. */
export interface Frame {
  readonly at: number
  readonly nameEnd: number
  readonly extraEnd: number
  readonly end: number
}

export function* frames(bytes: Buffer, limits: ArchiveLimits): Generator<Frame> {
  let count = 0
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < headerSize || bytes.readUInt32LE(at) !== signature) throw broken(at)
    const nameEnd = at + headerSize + bytes.readUInt16LE(at + 28)
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
    const end = extraEnd + bytes.readUInt16LE(at + 32)
    if (end > bytes.length) throw broken(at)
    count += 1
    if (count > limits.entries) throw tooMany(limits)
    yield { at, nameEnd, extraEnd, end }
    at = end
  }
}

export function nameAt(bytes: Buffer, { at, nameEnd }: Frame): Buffer {
  return bytes.subarray(at + headerSize, nameEnd)
}

export function startAt(bytes: Buffer, { at }: Frame): number {
  return bytes.readUInt32LE(at + 42)
}

function broken(at: number): InvalidArchive {
  const message = `The central directory is broken: no whole record ${at} bytes into it.`
  return new InvalidArchive('bad-directory', message)
}

export function readRecord(
  bytes: Buffer,
  frame: Frame,
  limits: ArchiveLimits,
  to: Findings,
): DirectoryRecord {
  const record = readFields(bytes, frame, to)
  if (frame.end > frame.extraEnd)
    to.remark('entry-comment', 'The entry has a comment.', record.name)
  checkRecord(record, limits, to)
  return record
}

function readFields(bytes: Buffer, frame: Frame, to: Findings): DirectoryRecord {
  const { at, nameEnd, extraEnd } = frame
  const rawName = nameAt(bytes, frame)
  const extra = bytes.subarray(nameEnd, extraEnd)
  const flags = bytes.readUInt16LE(at + 8)
  const name = decodeName(rawName, flags, to)
  if (bytes.readUInt16LE(at + 34) !== 0) {
    to.refuse('split-archive', 'The entry starts on another disk.', name)
  }
  const mode = bytes.readUInt32LE(at + 38) >>> 16
  const modified = fromDosTime(bytes.readUInt16LE(at + 14), bytes.readUInt16LE(at + 12))
  const fields = {
    name,
    flags,
    method: bytes.readUInt16LE(at + 10),
    crc32: bytes.readUInt32LE(at + 16),
    compressedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    ...(mode !== 0 && { mode }),
    isDirectory: name.endsWith('/'),
    isSymlink: modeType(mode) === 'symlink',
    ...(modified && { modified }),
    headerOffset: startAt(bytes, frame),
  }
  return applyExtraFields(fields, { entry: name, rawName, extra }, to)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decodeName(rawName: Buffer, flags: number, to: Findings): string {
  try {
    const name = utf8.decode(rawName)
    if (name.length !== rawName.length && (flags & utf8Flag) === 0) {
      // Python reads such a name as code page 437, uv as UTF-8.
      to.remark('name-encoding', `The name ${quoted(name)} is not marked as UTF-8.`, name)
    }
    return name
  } catch {
    const name = rawName.toString('utf8')
    to.refuse('name-not-utf8', `The name ${quoted(name)} is not UTF-8.`, name)
    return name
  }
}

function checkRecord(record: DirectoryRecord, limits: ArchiveLimits, to: Findings): void {
  const { name, mode, size, method, flags } = record
  checkEntryName(name, limits, to)
  checkEntry(record, limits, to)
  const type = modeType(mode)
  if (type === 'special') to.refuse('special-file', 'The entry is a device or pipe.', name)
  if (type === 'symlink') to.remark('symlink', 'The entry is a symbolic link.', name)
  if ((type === 'directory') !== record.isDirectory && type !== 'none') {
    to.remark('type-mismatch', `The mode says ${type}, the name does not.`, name)
  }
  if (record.isDirectory && size !== 0) {
    to.refuse('directory-with-data', `The folder entry has ${size} bytes of data.`, name)
  }
  if (method === stored && size !== record.compressedSize) {
    const message = `A stored entry has one size, this one ${size} and ${record.compressedSize}.`
    to.refuse('size-mismatch', message, name)
  }
  if ((flags & ~knownFlags) !== 0 && (flags & encryptedFlags) === 0) {
    to.remark('unknown-flags', `The entry has unknown flags: 0x${flags.toString(16)}.`, name)
  }
}

/** Gives each entry the room up to the next one, which it must not leave: no byte has two meanings. */
function withSlots(records: DirectoryRecord[], directoryStart: number, to: Findings): ZipEntry[] {
  const order = [...records.keys()].sort(
    (a, b) => records[a]!.headerOffset - records[b]!.headerOffset,
  )
  const start = records[order[0] ?? 0]?.headerOffset ?? directoryStart
  if (start !== 0) {
    to.refuse('prefix-data', `There are ${start} bytes before the first entry of the zip file.`)
  }
  const entries = new Array<ZipEntry>(records.length)
  for (const [rank, index] of order.entries()) {
    const record = records[index]!
    const next = order[rank + 1]
    const slotEnd = next === undefined ? directoryStart : records[next]!.headerOffset
    entries[index] = { ...record, slotEnd }
    checkSlot(entries[index], to)
  }
  return entries
}

export function checkSlot(entry: ZipEntry, to: Findings): void {
  const { headerOffset, name, compressedSize, slotEnd } = entry
  // 30 bytes of local header, the name again, the data: no less than that is this entry's.
  if (headerOffset + 30 + name.length + compressedSize <= slotEnd) return
  const message = `The entry does not fit between its start ${headerOffset} and the next record at ${slotEnd}.`
  to.refuse('overlap', message, name)
}
