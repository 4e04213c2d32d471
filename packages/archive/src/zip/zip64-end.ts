/** The ZIP64 end record and its locator, which must say what the 32-bit end record says. */
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import type { PlainEnd, Tail } from './end-record.ts'

export const zip64LocatorSize = 20
const zip64EndSize = 56
const locatorSignature = 0x07064b50
const zip64EndSignature = 0x06064b50

export interface Zip64End extends Omit<PlainEnd, 'start'> {
  /** Where the ZIP64 end record starts, hence where the directory must end. */
  readonly recordsStart: number
}

/** The ZIP64 end, if the 32-bit end record says or shows that there is one. */
export function readZip64End(plain: PlainEnd, tail: Tail, to: Findings): Zip64End | undefined {
  const locator = plain.start - zip64LocatorSize - tail.start
  if (locator < 0 || tail.bytes.readUInt32LE(locator) !== locatorSignature) {
    if (plain.directorySize !== 0xffffffff && plain.directoryStart !== 0xffffffff) return undefined
    throw inconsistent('the end record points to a ZIP64 locator that is not before it')
  }
  const at = locator - zip64EndSize
  checkLocator(tail, locator, at)
  const { bytes } = tail
  const length = safeUInt64(bytes, at + 4)
  if (length !== zip64EndSize - 12) {
    const message = `The ZIP64 end record has ${length} bytes instead of ${zip64EndSize - 12}: extensible data is not allowed.`
    throw new InvalidArchive('zip64-extensible-data', message)
  }
  const end = {
    recordsStart: tail.start + at,
    disk: bytes.readUInt32LE(at + 16),
    directoryDisk: bytes.readUInt32LE(at + 20),
    entriesHere: safeUInt64(bytes, at + 24),
    entryCount: safeUInt64(bytes, at + 32),
    directorySize: safeUInt64(bytes, at + 40),
    directoryStart: safeUInt64(bytes, at + 48),
  }
  compareEnds(plain, end, to)
  return end
}

/** A 64-bit number as a double; beyond 2^53 there is no such file, and we would be guessing. */
export function safeUInt64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at)
  if (value <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(value)
  throw inconsistent(`a ZIP64 field has the impossible value ${value}`)
}

/** APPNOTE 4.3.6: end record, locator and plain end follow one another, with nothing between. */
function checkLocator({ start, bytes }: Tail, locator: number, at: number): void {
  const recordStart = safeUInt64(bytes, locator + 8)
  const disks = [bytes.readUInt32LE(locator + 4), bytes.readUInt32LE(locator + 16)]
  if (disks[0] !== 0 || disks[1]! > 1) {
    throw inconsistent('its locator speaks of several disks')
  }
  if (at < 0 || bytes.readUInt32LE(at) !== zip64EndSignature) {
    // A record further up is either misplaced or has extensible data; both are refused.
    const there = recordStart - start
    const extended = there >= 0 && there + 12 <= locator
    if (extended && bytes.readUInt32LE(there) === zip64EndSignature) throw extensible()
    throw inconsistent('there is no ZIP64 end record directly before its locator')
  }
  if (recordStart === start + at) return
  const found = `it is at ${start + at}, its locator says ${recordStart}`
  throw inconsistent(found)
}

function compareEnds(plain: PlainEnd, end: Zip64End, to: Findings): void {
  const fields = [
    ['disk', 0xffff],
    ['directoryDisk', 0xffff],
    ['entriesHere', 0xffff],
    ['entryCount', 0xffff],
    ['directorySize', 0xffffffff],
    ['directoryStart', 0xffffffff],
  ] as const
  for (const [field, saturated] of fields) {
    if (plain[field] === saturated || plain[field] === end[field]) continue
    const what = `${field} is ${plain[field]} in the end record and ${end[field]} in the ZIP64 one`
    to.refuse('zip64-inconsistent', sentence(what))
  }
}

function extensible(): InvalidArchive {
  const message = 'The ZIP64 end record has extensible data after it, which is not allowed.'
  return new InvalidArchive('zip64-extensible-data', message)
}

function inconsistent(what: string): InvalidArchive {
  return new InvalidArchive('zip64-inconsistent', sentence(what))
}

function sentence(what: string): string {
  return `The ZIP64 end of the zip file is inconsistent: ${what}.`
}
