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
  checkDirectorySize(end)
  const bytes = await directoryBytes(source, end)
  const records = [...readRecords(bytes, limits, to)]
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

type DirectoryRecord = Omit<ZipEntry, 'slotEnd'>

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

async function directoryBytes(source: ByteSource, end: EndRecord): Promise<Buffer> {
  const { tail, directoryStart, directoryEnd } = end
  if (directoryStart >= tail.start) {
    return tail.bytes.subarray(directoryStart - tail.start, directoryEnd - tail.start)
  }
  return asBuffer(await readExactly(source, directoryStart, directoryEnd))
}

function* readRecords(
  bytes: Buffer,
  limits: ArchiveLimits,
  to: Findings,
): Generator<DirectoryRecord> {
  let count = 0
  for (let at = 0; at < bytes.length; ) {
    if (bytes.length - at < headerSize || bytes.readUInt32LE(at) !== signature) throw broken(at)
    const nameEnd = at + headerSize + bytes.readUInt16LE(at + 28)
    const extraEnd = nameEnd + bytes.readUInt16LE(at + 30)
    const end = extraEnd + bytes.readUInt16LE(at + 32)
    if (end > bytes.length) throw broken(at)
    count += 1
    if (count > limits.entries) throw tooMany(limits)
    const rawName = bytes.subarray(at + headerSize, nameEnd)
    const record = readRecord(bytes, at, { rawName, extra: bytes.subarray(nameEnd, extraEnd) }, to)
    if (end > extraEnd) to.remark('entry-comment', 'The entry has a comment.', record.name)
    checkRecord(record, limits, to)
    yield record
    at = end
  }
}

function broken(at: number): InvalidArchive {
  const message = `The central directory is broken: no whole record ${at} bytes into it.`
  return new InvalidArchive('bad-directory', message)
}

interface Tails {
  readonly rawName: Buffer
  readonly extra: Buffer
}

function readRecord(bytes: Buffer, at: number, tails: Tails, to: Findings): DirectoryRecord {
  const flags = bytes.readUInt16LE(at + 8)
  const name = decodeName(tails.rawName, flags, to)
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
    headerOffset: bytes.readUInt32LE(at + 42),
  }
  return applyExtraFields(fields, { entry: name, ...tails }, to)
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
    // 30 bytes of local header, the name again, the data: no less than that is this entry's.
    const least = record.headerOffset + 30 + record.name.length + record.compressedSize
    if (least > slotEnd) {
      const message = `The entry does not fit between its start ${record.headerOffset} and the next record at ${slotEnd}.`
      to.refuse('overlap', message, record.name)
    }
  }
  return entries
}
