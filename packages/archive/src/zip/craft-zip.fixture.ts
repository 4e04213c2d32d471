/** Test kit: zip files written byte by byte, so that every field can be a lie. */
import { crc32, deflateRawSync } from 'node:zlib'

/** The fields of a local header, or those it shares with a directory header. */
export interface CraftedHeader {
  name: string | Buffer
  flags: number
  method: number
  crc: number
  compressedSize: number
  size: number
  extra: Buffer
}

export interface CraftedDirectoryHeader extends CraftedHeader {
  offset: number
  comment: string
  mode: number
  disk: number
}

export interface CraftedEntry {
  name?: string | Buffer
  /** Unpacked bytes; the truth, from which the honest header values come. */
  content?: string | Buffer
  method?: number
  flags?: number
  mode?: number
  /** Packed bytes, if not what `method` makes of the content. */
  data?: Buffer
  /** Lies in the local header, in the directory, in both. */
  local?: Partial<CraftedHeader>
  central?: Partial<CraftedDirectoryHeader>
  both?: Partial<CraftedHeader>
  /** Bytes after the data: a data descriptor, a gap, another record. */
  after?: Buffer
  /** In the file but not in the directory. */
  unlisted?: boolean
  /** In the directory but not in the file; give `central.offset`. */
  unwritten?: boolean
}

export interface CraftedEnd {
  disk: number
  directoryDisk: number
  entriesHere: number
  entries: number
  directorySize: number
  directoryStart: number
  commentLength: number
}

export interface CraftedZip {
  prefix?: Buffer
  entries?: CraftedEntry[]
  /** Bytes between the directory and its end record. */
  afterDirectory?: Buffer
  /** A ZIP64 end and locator, with these lies. */
  zip64?: Partial<CraftedEnd> & {
    length?: number
    extensible?: Buffer
    locatorOffset?: number
    locatorDisks?: number
    omit?: 'record' | 'locator'
  }
  end?: Partial<CraftedEnd>
  comment?: Buffer
  suffix?: Buffer
}

/** A zip file; without any lie, `checkZip` has nothing to say of it. */
export function craftZip(zip: CraftedZip): Buffer {
  const entries = (zip.entries ?? [{}]).map(withTruth)
  const parts = [zip.prefix ?? Buffer.alloc(0)]
  const directory: Buffer[] = []
  for (const { entry, header, data } of entries) {
    const offset = sizeOf(parts)
    const local = { ...header, ...entry.both, ...entry.local }
    if (!entry.unwritten) parts.push(localHeader(local), data, entry.after ?? Buffer.alloc(0))
    const listed = { offset, comment: '', mode: entry.mode ?? 0, disk: 0 }
    const central = { ...header, ...listed, ...entry.both, ...entry.central }
    if (!entry.unlisted) directory.push(directoryHeader(central))
  }
  const truth: CraftedEnd = {
    disk: 0,
    directoryDisk: 0,
    entriesHere: directory.length,
    entries: directory.length,
    directorySize: sizeOf(directory),
    directoryStart: sizeOf(parts),
    commentLength: zip.comment?.length ?? 0,
  }
  parts.push(...directory, zip.afterDirectory ?? Buffer.alloc(0))
  if (zip.zip64) parts.push(...zip64End({ ...truth, ...zip.zip64 }, sizeOf(parts), zip.zip64))
  parts.push(endRecord({ ...truth, ...zip.end }), zip.comment ?? Buffer.alloc(0))
  return Buffer.concat([...parts, zip.suffix ?? Buffer.alloc(0)])
}

export function localHeader(header: CraftedHeader): Buffer {
  const name = Buffer.from(header.name as string)
  return Buffer.concat([
    Buffer.from('PK\x03\x04', 'latin1'),
    shared(header),
    uint16(name.length, header.extra.length),
    name,
    header.extra,
  ])
}

export function directoryHeader(header: CraftedDirectoryHeader): Buffer {
  const name = Buffer.from(header.name as string)
  const { extra, comment, disk } = header
  return Buffer.concat([
    Buffer.from('PK\x01\x02', 'latin1'),
    uint16((3 << 8) | 20),
    shared(header),
    uint16(name.length, extra.length, comment.length, disk, 0),
    uint32((header.mode << 16) >>> 0, header.offset),
    name,
    extra,
    Buffer.from(comment),
  ])
}

/** An extra field of this id. */
export function extraField(id: number, data: Buffer): Buffer {
  return Buffer.concat([uint16(id, data.length), data])
}

/** The ZIP64 extra field. */
export function zip64Extra(...values: number[]): Buffer {
  return extraField(1, uint64(...values))
}

/** Info-ZIP's Unicode path, belonging to the name `of`. */
export function unicodePath(path: string, of = 'fixme'): Buffer {
  return extraField(0x7075, Buffer.concat([Buffer.from([1]), uint32(crc32(of)), Buffer.from(path)]))
}

export function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(2 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt16LE(value, 2 * at)
  return bytes
}

export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  for (const [at, value] of values.entries()) bytes.writeUInt32LE(value, 4 * at)
  return bytes
}

export function uint64(...values: number[]): Buffer {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [at, value] of values.entries()) bytes.writeBigUInt64LE(BigInt(value), 8 * at)
  return bytes
}

function withTruth(entry: CraftedEntry) {
  const content = Buffer.from((entry.content ?? 'hello') as string)
  const method = entry.method ?? 8
  const data = entry.data ?? (method === 8 ? deflateRawSync(content) : content)
  const header: CraftedHeader = {
    name: entry.name ?? 'fixme',
    flags: entry.flags ?? 0,
    method,
    crc: crc32(content),
    compressedSize: data.length,
    size: content.length,
    extra: Buffer.alloc(0),
  }
  return { entry, header, data }
}

/** Version needed to sizes, which both headers have in this order. Dated 1980-01-01. */
function shared({ flags, method, crc, compressedSize, size }: CraftedHeader): Buffer {
  return Buffer.concat([
    uint16(20, flags, method, 0, (1 << 5) | 1),
    uint32(crc, compressedSize, size),
  ])
}

function endRecord(end: CraftedEnd): Buffer {
  return Buffer.concat([
    Buffer.from('PK\x05\x06', 'latin1'),
    uint16(end.disk, end.directoryDisk, end.entriesHere, end.entries),
    uint32(end.directorySize, end.directoryStart),
    uint16(end.commentLength),
  ])
}

function zip64End(
  end: CraftedEnd,
  offset: number,
  { length, extensible, locatorOffset, locatorDisks, omit }: NonNullable<CraftedZip['zip64']>,
): Buffer[] {
  const more = extensible ?? Buffer.alloc(0)
  const record = Buffer.concat([
    Buffer.from('PK\x06\x06', 'latin1'),
    uint64(length ?? 44 + more.length),
    uint16(45, 45),
    uint32(end.disk, end.directoryDisk),
    uint64(end.entriesHere, end.entries, end.directorySize, end.directoryStart),
    more,
  ])
  const locator = Buffer.concat([
    Buffer.from('PK\x06\x07', 'latin1'),
    uint32(0),
    uint64(locatorOffset ?? offset),
    uint32(locatorDisks ?? 1),
  ])
  if (omit === 'record') return [locator]
  return omit === 'locator' ? [record] : [record, locator]
}

function sizeOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0)
}
