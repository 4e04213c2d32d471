/** Finds the one end of a zip file and, through it, the central directory. */
import { type ByteSource, readExactly } from '../byte-source.ts'
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { readZip64End, zip64LocatorSize } from './zip64-end.ts'

/** Where the central directory is, according to the end of the file. */
export interface EndRecord {
  readonly entryCount: number
  readonly directoryStart: number
  /** Where the first record after the directory starts. */
  readonly directoryEnd: number
  /** The last bytes of the file, already read: they often hold the whole directory. */
  readonly tail: Tail
}

export interface Tail {
  readonly start: number
  readonly bytes: Buffer
}

/** The fields of the 32-bit end record; all ones mean "see the ZIP64 one". */
export interface PlainEnd {
  readonly start: number
  readonly disk: number
  readonly directoryDisk: number
  readonly entriesHere: number
  readonly entryCount: number
  readonly directorySize: number
  readonly directoryStart: number
}

const endSignature = Buffer.from('PK\x05\x06', 'latin1')
const endSize = 22
const longestComment = 0xffff
const tailSize = endSize + longestComment + zip64LocatorSize + 56

/** Throws InvalidArchive where there is no directory to be found; the rest goes to `to`. */
export async function readEndRecord(source: ByteSource, to: Findings): Promise<EndRecord> {
  const tailStart = Math.max(0, source.size - tailSize)
  const bytes = asBuffer(await readExactly(source, tailStart, source.size))
  const tail = { start: tailStart, bytes }
  const plain = readPlainEnd(findEnd(tail, source, to), tail)
  const zip64 = readZip64End(plain, tail, to)
  const end = zip64 ?? { ...plain, recordsStart: plain.start }
  checkDisks(end, to)
  if (end.directoryStart + end.directorySize !== end.recordsStart) throw misplaced(end)
  const { entryCount, directoryStart, recordsStart: directoryEnd } = end
  return { entryCount, directoryStart, directoryEnd, tail }
}

export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** Offset in the tail of the end record: the last one whose comment ends with the file. */
function findEnd({ bytes }: Tail, source: ByteSource, to: Findings): number {
  const last = bytes.lastIndexOf(endSignature)
  if (last === -1) throw notAZip(source)
  const ends = [...endSignatures(bytes)].filter((at) => commentEnd(bytes, at) === bytes.length)
  const [end, other] = ends
  if (end === undefined) throw trailingData(bytes, last)
  if (other !== undefined || hasRecord(bytes.subarray(end + endSize))) {
    to.refuse('two-ends', 'The zip file has two ends, of which readers could take either.')
  }
  return end
}

/** From the last to the first. */
function* endSignatures(bytes: Buffer): Generator<number> {
  for (let from = bytes.length - endSize; from >= 0; from -= 1) {
    from = bytes.lastIndexOf(endSignature, from)
    if (from === -1) return
    yield from
  }
}

function commentEnd(bytes: Buffer, at: number): number {
  return at + endSize + bytes.readUInt16LE(at + 20)
}

/** Whether there is the signature of any zip record: PK and two bytes that no comment needs. */
function hasRecord(comment: Buffer): boolean {
  return ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07'].some((mark) =>
    comment.includes(mark, 0, 'latin1'),
  )
}

function readPlainEnd(at: number, { start, bytes }: Tail): PlainEnd {
  return {
    start: start + at,
    disk: bytes.readUInt16LE(at + 4),
    directoryDisk: bytes.readUInt16LE(at + 6),
    entriesHere: bytes.readUInt16LE(at + 8),
    entryCount: bytes.readUInt16LE(at + 10),
    directorySize: bytes.readUInt32LE(at + 12),
    directoryStart: bytes.readUInt32LE(at + 16),
  }
}

function checkDisks(end: Omit<PlainEnd, 'start'>, to: Findings): void {
  if (end.disk === 0 && end.directoryDisk === 0 && end.entriesHere === end.entryCount) return
  to.refuse('split-archive', 'The zip file says it is one part of several; send it as one file.')
}

function notAZip({ size }: ByteSource): InvalidArchive {
  const message = `This is not a zip file, or its end is missing: no end record in ${size} bytes.`
  return new InvalidArchive('not-a-zip', message)
}

function trailingData(bytes: Buffer, at: number): InvalidArchive {
  const truncated = at + endSize > bytes.length || commentEnd(bytes, at) > bytes.length
  const message = truncated
    ? 'The zip file ends too early, inside its end record or the comment after it.'
    : `There are ${bytes.length - commentEnd(bytes, at)} bytes after the end of the zip file.`
  return new InvalidArchive(truncated ? 'truncated' : 'trailing-data', message)
}

function misplaced(end: {
  directoryStart: number
  directorySize: number
  recordsStart: number
}): InvalidArchive {
  const { directoryStart, directorySize, recordsStart } = end
  const message = `The central directory should fill bytes ${directoryStart} to ${directoryStart + directorySize}, but the records after it start at ${recordsStart}: something was put before the zip file or into it.`
  return new InvalidArchive('directory-misplaced', message)
}
