/** One entry of a zip file, as its central directory describes it. */

/** What the central directory says of one entry. Reading it verifies size and CRC. */
export interface ZipEntry {
  /** The name, with "/" between folders; folders end with "/". */
  readonly name: string
  /** Bytes, unpacked. */
  readonly size: number
  /** Bytes, as stored in the archive. */
  readonly compressedSize: number
  readonly crc32: number
  /** 0 stored, 8 deflated; others cannot be read. */
  readonly method: number
  /** Unix file type and permission bits, where the archive has them. */
  readonly mode?: number
  readonly isDirectory: boolean
  readonly isSymlink: boolean
  /** Local time without a zone, read as UTC; absent where the archive holds no possible date. */
  readonly modified?: Date
  /** The general purpose bits. */
  readonly flags: number
  /** Where the entry's local header starts. */
  readonly headerOffset: number
  /** Where the next record starts; nothing of this entry lies beyond. */
  readonly slotEnd: number
}

export const stored = 0
export const deflated = 8

export const encryptedFlags = 0x2041
export const descriptorFlag = 0x0008
export const utf8Flag = 0x0800
/** Encryption, deflate's level, data descriptor, UTF-8: all that we understand. */
export const knownFlags = encryptedFlags | 0x0006 | descriptorFlag | utf8Flag

const typeMask = 0o170000
const regular = 0o100000
const directory = 0o040000
const symlink = 0o120000

export type ModeType = 'none' | 'file' | 'directory' | 'symlink' | 'special'

/** The kind of file that Unix mode bits speak of. */
export function modeType(mode: number | undefined): ModeType {
  const type = (mode ?? 0) & typeMask
  if (type === 0) return 'none'
  if (type === regular) return 'file'
  if (type === directory) return 'directory'
  return type === symlink ? 'symlink' : 'special'
}

/** MS-DOS date and time: seven bits of years since 1980, seconds halved. */
export function fromDosTime(date: number, time: number): Date | undefined {
  const month = (date >> 5) & 15
  const day = date & 31
  if (month < 1 || month > 12 || day < 1) return undefined
  const clock = [time >> 11, (time >> 5) & 63, (time & 31) * 2] as const
  return new Date(Date.UTC(1980 + (date >> 9), month - 1, day, ...clock))
}
