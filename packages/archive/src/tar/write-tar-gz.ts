/** Writes tar.gz files whose bytes depend on nothing but the entries. */
import { gzipSync } from 'node:zlib'
import { blockSize } from './block-reader.ts'
import { padding } from './tar-member.ts'

/** One member to be written. */
export interface TarInput {
  readonly name: string
  /** Text is written as UTF-8; links and folders have none. */
  readonly bytes?: Uint8Array | string
  /** Permission bits, 0o644 unless given (0o755 for folders). */
  readonly mode?: number
  /** `file` unless given. */
  readonly type?: 'file' | 'directory' | 'symlink' | 'hardlink'
  readonly linkName?: string
}

/**
 * A tar.gz file of these members, in this order: POSIX pax, owned by root, dated 1980-01-01, the
 * first day that zip files can hold too. The same input gives the same bytes. What the members mean
 * is not checked; {@link checkTarGz} does that.
 *
 * @example
 * ```ts
 * const bytes = writeTarGz([{ name: 'a', bytes: 'hello' }])
 * Buffer.compare(bytes, writeTarGz([{ name: 'a', bytes: 'hello' }])) // 0
 * ```
 */
export function writeTarGz(entries: Iterable<TarInput>): Uint8Array {
  const parts: Buffer[] = []
  for (const entry of entries) parts.push(...writeMember(entry))
  const gzip = gzipSync(Buffer.concat([...parts, Buffer.alloc(2 * blockSize)]))
  // RFC 1952: "operating system unknown", where zlib writes the one it was built for.
  gzip[9] = 255
  return gzip
}

const typeFlags = { file: '0', hardlink: '1', symlink: '2', directory: '5' } as const
const epoch = 315_532_800

function writeMember(entry: TarInput): Buffer[] {
  const { type = 'file', linkName = '' } = entry
  const isFolder = type === 'directory'
  const name = isFolder && !entry.name.endsWith('/') ? `${entry.name}/` : entry.name
  const bytes = Buffer.from((entry.bytes ?? '') as string)
  const mode = entry.mode ?? (isFolder ? 0o755 : 0o644)
  const pax = Buffer.from(paxRecord('path', name, 100) + paxRecord('linkpath', linkName, 100))
  const header = { name, linkName, size: bytes.length, mode, type: typeFlags[type] }
  const member = [encodeHeader(header), ...padded(bytes)]
  if (pax.length === 0) return member
  const paxHeader = { name: 'PaxHeader', linkName: '', size: pax.length, mode: 0o644, type: 'x' }
  return [encodeHeader(paxHeader), ...padded(pax), ...member]
}

function padded(bytes: Buffer): Buffer[] {
  return [bytes, Buffer.alloc(padding(bytes.length))]
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

interface HeaderFields {
  readonly name: string
  readonly linkName: string
  readonly size: number
  readonly mode: number
  readonly type: string
}

function encodeHeader({ name, linkName, size, mode, type }: HeaderFields): Buffer {
  const block = Buffer.alloc(blockSize)
  block.write(name, 0, 100)
  block.write(octal(mode & 0o7777, 7), 100)
  block.write(octal(0, 7), 108)
  block.write(octal(0, 7), 116)
  block.write(octal(size, 11), 124)
  block.write(octal(epoch, 11), 136)
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
