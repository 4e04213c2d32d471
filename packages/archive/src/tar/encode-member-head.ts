/** What stands before the bytes of a tar member: POSIX ustar, and pax where that has no room. */
import { blockSize } from './block-reader.ts'
import { padding } from './tar-member.ts'
import type { TarInput } from './write-tar-gz.ts'

export interface MemberHead extends Pick<TarInput, 'name' | 'mode' | 'type' | 'linkName'> {
  /** Bytes that follow. */
  readonly size: number
  /** To the second; 1980-01-01 without it, so that equal files make equal archives. */
  readonly modified?: Date
}

const typeFlags = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const
const epoch = new Date(315_532_800_000)
/** Eleven octal digits hold no more. */
const largestSize = 8 ** 11 - 1

/** Depends on nothing but the member. */
export function encodeMemberHead({
  type = 'file',
  linkName = '',
  size,
  modified = epoch,
  ...rest
}: MemberHead): Buffer {
  const isFolder = type === 'directory'
  const name = isFolder && !rest.name.endsWith('/') ? `${rest.name}/` : rest.name
  const mode = rest.mode ?? (isFolder ? 0o755 : 0o644)
  const records = [paxRecord('path', name, 100), paxRecord('linkpath', linkName, 100)]
  if (size > largestSize) records.push(paxRecord('size', String(size), 0))
  const pax = Buffer.from(records.join(''))
  const plainSize = Math.min(size, largestSize)
  const fields = { linkName, modified }
  const header = encodeHeader({ ...fields, name, size: plainSize, mode, type: typeFlags[type] })
  if (pax.length === 0) return header
  const paxHeader = { ...fields, name: 'PaxHeader', linkName: '', mode: 0o644, type: 'x' }
  return Buffer.concat([
    encodeHeader({ ...paxHeader, size: pax.length }),
    pax,
    Buffer.alloc(padding(pax.length)),
    header,
  ])
}

/** Nothing, where the plain header can hold the value. */
function paxRecord(key: string, value: string, room: number): string {
  if (value.length <= room && /^[\x20-\x7e]*$/.test(value)) return ''
  const rest = ` ${key}=${value}\n`
  const length = Buffer.byteLength(rest)
  let digits = String(length).length
  if (String(length + digits).length > digits) digits += 1
  return `${length + digits}${rest}`
}

/** Eleven octal digits hold no time before 1970, and none after 2242. */
function secondsOf(time: Date): number {
  return Math.min(Math.max(0, Math.floor(time.getTime() / 1000)), largestSize)
}

interface HeaderFields {
  readonly name: string
  readonly linkName: string
  readonly size: number
  readonly mode: number
  readonly modified: Date
  readonly type: string
}

function encodeHeader({ name, linkName, size, mode, modified, type }: HeaderFields): Buffer {
  const block = Buffer.alloc(blockSize)
  block.write(name, 0, 100)
  block.write(octal(mode & 0o7777, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(secondsOf(modified), 11), 136)
  block.write(' '.repeat(8), 148)
  block.write(type, 156)
  block.write(linkName, 157, 100)
  block.write('ustar\x0000', 257, 'latin1')
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0`,
    148,
    'latin1',
  )
  return block
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0')
}
