/** One 512-byte tar header, read strictly: where tar programs disagree, it is refused. */
import { quoted } from '../entry-name.ts'
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { blockSize } from './block-reader.ts'

export interface TarHeader {
  readonly name: string
  readonly mode: number
  readonly size: number
  readonly modified: Date
  /** The type flag, as a character. */
  readonly type: string
  readonly linkName: string
}

/** Throws InvalidArchive if this is no header; `position` says where in the archive it stands. */
export function decodeHeader(block: Buffer, position: number, to: Findings): TarHeader {
  checkChecksum(block, position)
  const name = textIn(block, 0, 100, to)
  const hasPrefix = block[345] !== 0
  if (hasPrefix && block.toString('latin1', 257, 263) !== 'ustar\0') {
    // GNU tar keeps times in these bytes, Python reads them as the start of the name.
    const message =
      'The header is not POSIX, but has something where POSIX has the start of a name.'
    to.refuse('ambiguous-header', message, name)
  }
  return {
    name: hasPrefix ? `${textIn(block, 345, 155, to)}/${name}` : name,
    mode: decodeNumber(block, 100, 108, name),
    size: decodeNumber(block, 124, 136, name),
    // A date is not worth refusing an archive: those before 1970 have a notation of their own.
    modified: new Date((parseOctal(block, 136, 148) ?? 0) * 1000),
    type: typeOf(block[156]!, name),
    linkName: textIn(block, 157, 100, to),
  }
}

export function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8, for names in headers and in extension headers. */
export function decodeText(bytes: Buffer, to: Findings): string {
  try {
    return utf8.decode(bytes)
  } catch {
    const text = bytes.toString('utf8')
    to.refuse('name-not-utf8', `The name ${quoted(text)} is not UTF-8.`, text)
    return text
  }
}

/** A text field, up to its first NUL. */
function textIn(block: Buffer, start: number, length: number, to: Findings): string {
  let end = start
  let isPlain = true
  for (; end < start + length && block[end] !== 0; end += 1) if (block[end]! > 127) isPlain = false
  if (end === start) return ''
  return isPlain ? block.toString('latin1', start, end) : decodeText(block.subarray(start, end), to)
}

/** V7 wrote folders as files (NUL) with a slash after the name; '7' is a file by another name. */
function typeOf(flag: number, name: string): string {
  const type = String.fromCharCode(flag)
  if (type === '\0') return name.endsWith('/') ? '5' : '0'
  return type === '7' ? '0' : type
}

/** POSIX: the sum of all bytes, with blanks for the checksum; old programs added signed bytes. */
function checkChecksum(block: Buffer, position: number): void {
  let sum = 8 * 0x20
  for (let at = 0; at < 148; at += 1) sum += block[at]!
  for (let at = 156; at < blockSize; at += 1) sum += block[at]!
  const written = parseOctal(block, 148, 156)
  if (written === sum || written === sum - 256 * countNegative(block)) return
  const where = position === 0 ? 'at the start' : `${position} bytes into it`
  const message = `The unpacked data is not a tar archive or is damaged: no valid header ${where}.`
  throw new InvalidArchive(position === 0 ? 'not-a-tar' : 'bad-header', message)
}

function countNegative(block: Buffer): number {
  return block.reduce((count, byte, at) => count + Number(byte > 127 && (at < 148 || at > 155)), 0)
}

/** Octal digits, or GNU's base 256 for what does not fit. */
function decodeNumber(block: Buffer, start: number, end: number, name: string): number {
  const value =
    block[start] === 0x80 ? base256(block.subarray(start, end)) : parseOctal(block, start, end)
  if (value !== undefined && Number.isSafeInteger(value)) return value
  const text = block.toString('latin1', start, end)
  throw new InvalidArchive('bad-header', `A number in the header is none: ${quoted(text)}.`, name)
}

function base256(bytes: Buffer): number {
  return bytes.subarray(1).reduce((value, byte) => value * 256 + byte, 0)
}

function parseOctal(block: Buffer, start: number, end: number): number | undefined {
  let value = 0
  for (let at = start; at < end && block[at] !== 0; at += 1) {
    const digit = block[at]! - 0x30
    if (digit < 0 || digit > 7) return parsePaddedOctal(block.subarray(start, end))
    value = value * 8 + digit
  }
  return value
}

/** Some write blanks around the digits. */
function parsePaddedOctal(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(0)
  const digits = bytes.toString('latin1', 0, end === -1 ? bytes.length : end).trim()
  if (digits === '') return 0
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined
}
