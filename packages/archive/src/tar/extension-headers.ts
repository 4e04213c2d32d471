/** The headers before a member's own: POSIX pax records and GNU long names. */
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { decodeText, type TarHeader } from './tar-header.ts'

/** What extension headers have said of the next member, so far. */
export interface Extensions {
  readonly path?: string
  readonly linkPath?: string
  readonly size?: number
  readonly modified?: Date
  /** Type flags of the headers this came from, in order. */
  readonly from: string
}

export const noExtensions: Extensions = { from: '' }

/** `X` is Solaris' older spelling of `x`. */
export function isExtension(type: string): boolean {
  return 'gxXLK'.includes(type)
}

/** What is known after one more extension header with this payload. */
export function extend(
  known: Extensions,
  header: TarHeader,
  payload: Buffer,
  to: Findings,
): Extensions {
  const { type } = header
  if (type === 'g') return checkGlobal(known, payload)
  if (known.from.includes(type)) throw ambiguous(`two headers of type "${type}" for one member`)
  const from = known.from + type
  if (type === 'L') return { ...known, from, path: gnuName(payload, to) }
  if (type === 'K') return { ...known, from, linkPath: gnuName(payload, to) }
  return { ...known, ...paxValues(payload, to), from }
}

/**
 * The header with everything said before it. Sizes may be said twice only if they agree: parsers
 * that believe different ones see different members (CVE-2025-62518).
 */
export function applyExtensions(header: TarHeader, known: Extensions): TarHeader {
  if (known === noExtensions) return header
  if (/x/i.test(known.from) && /[LK]/.test(known.from)) {
    throw ambiguous('both GNU and pax headers for one member')
  }
  const { path = header.name, linkPath = header.linkName, size = header.size } = known
  const tooLargeForOctal = 8 ** 11
  if (size !== header.size && size < tooLargeForOctal) {
    throw ambiguous(`the size is ${header.size} in the header and ${size} in the pax header`)
  }
  const { modified = header.modified } = known
  return { ...header, name: path, linkName: linkPath, size, modified }
}

/** GNU: the name, ended by NUL. */
function gnuName(payload: Buffer, to: Findings): string {
  const end = payload.indexOf(0)
  return decodeText(end === -1 ? payload : payload.subarray(0, end), to)
}

/** A global header applies to all that follows; Python obeys it, many do not: comments only. */
function checkGlobal(known: Extensions, payload: Buffer): Extensions {
  for (const [key] of paxRecords(payload)) {
    if (['path', 'linkpath', 'size'].includes(key) || key.startsWith('GNU.sparse.')) {
      throw ambiguous(`a global header that sets ${key}`)
    }
  }
  return known
}

function paxValues(payload: Buffer, to: Findings): Omit<Extensions, 'from'> {
  const values: { path?: string; linkPath?: string; size?: number; modified?: Date } = {}
  for (const [key, value] of paxRecords(payload)) {
    if (key.startsWith('GNU.sparse.')) throw sparse()
    if (key === 'path') values.path = decodeText(value, to)
    if (key === 'linkpath') values.linkPath = decodeText(value, to)
    if (key === 'size') values.size = paxSize(value)
    // Some programs leave 1970 in the header then, which no zip archive made of the files can hold.
    if (key === 'mtime') values.modified = paxTime(value)
  }
  return values
}

export function sparse(): InvalidArchive {
  const message = 'The archive has a sparse file; pack it as an ordinary one (no --sparse).'
  return new InvalidArchive('sparse-file', message)
}

function paxSize(value: Buffer): number {
  const text = value.toString('latin1')
  if (/^[0-9]{1,15}$/.test(text)) return Number(text)
  throw badPax('its size is not a number')
}

/** Seconds, with or without a fraction. A time that is none is no reason to refuse anything. */
function paxTime(value: Buffer): Date {
  const text = value.toString('latin1')
  return new Date(/^\d{1,11}(\.\d{1,20})?$/.test(text) ? Number(text) * 1000 : 0)
}

/** Records of the form `length key=value\n`, where the length counts all of it. */
function* paxRecords(payload: Buffer): Generator<[string, Buffer]> {
  const seen = new Set<string>()
  for (let at = 0; at < payload.length; ) {
    const blank = payload.indexOf(' ', at)
    const digits = payload.toString('latin1', at, Math.min(blank, at + 8))
    const end = at + (/^[0-9]+$/.test(digits) ? Number(digits) : 0)
    const equals = payload.indexOf('=', blank)
    const whole = blank !== -1 && equals > blank + 1 && equals < end && end <= payload.length
    if (!whole || payload[end - 1] !== 0x0a) throw badPax(`no whole record at byte ${at}`)
    const key = payload.toString('utf8', blank + 1, equals)
    if (seen.has(key)) throw badPax('a key is there twice')
    seen.add(key)
    yield [key, payload.subarray(equals + 1, end - 1)]
    at = end
  }
}

function badPax(why: string): InvalidArchive {
  return new InvalidArchive('bad-pax-header', `A pax header is malformed: ${why}.`)
}

function ambiguous(what: string): InvalidArchive {
  const message = `Tar programs would read this archive differently: it has ${what}.`
  return new InvalidArchive('ambiguous-header', message)
}
