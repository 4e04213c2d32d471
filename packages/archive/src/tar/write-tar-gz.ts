/** Writes tar.gz files whose bytes depend on nothing but the entries. */
import { gzipSync } from 'node:zlib'
import { blockSize } from './block-reader.ts'
import { encodeMemberHead } from './encode-member-head.ts'
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

function writeMember(entry: TarInput): Buffer[] {
  const bytes = Buffer.from((entry.bytes ?? '') as string)
  return [encodeMemberHead({ ...entry, size: bytes.length }), ...padded(bytes)]
}

function padded(bytes: Buffer): Buffer[] {
  return [bytes, Buffer.alloc(padding(bytes.length))]
}
