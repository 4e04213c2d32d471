/** Extra fields of zip headers, as far as they change what a reader sees: ZIP64 sizes and names. */
import { crc32 } from 'node:zlib'
import type { Findings } from '../findings.ts'
import { InvalidArchive } from '../invalid-archive.ts'
import { safeUInt64 } from './zip64-end.ts'

const zip64Id = 0x0001
const unicodePathId = 0x7075

/** The fields of a header that move to the ZIP64 extra field when they hold all ones. */
export interface Zip64Fields {
  readonly size: number
  readonly compressedSize: number
  /** Only in the central directory. */
  readonly headerOffset?: number
}

export interface HeaderExtras {
  readonly entry: string
  readonly rawName: Uint8Array
  readonly extra: Buffer
}

/** The header's numbers with those taken from its ZIP64 extra field, if it has one. */
export function applyExtraFields<Fields extends Zip64Fields>(
  fields: Fields,
  header: HeaderExtras,
  to: Findings,
): Fields {
  const found = splitExtra(header, to)
  const unicodePath = found.get(unicodePathId)
  if (unicodePath) checkUnicodePath(unicodePath, header, to)
  return applyZip64(fields, found.get(zip64Id), header.entry, to)
}

/** Fields by id. Of the two that change meaning there may be only one each. */
function splitExtra({ extra, entry }: HeaderExtras, to: Findings): Map<number, Buffer> {
  const found = new Map<number, Buffer>()
  let at = 0
  while (extra.length - at >= 4) {
    const id = extra.readUInt16LE(at)
    const end = at + 4 + extra.readUInt16LE(at + 2)
    if (end > extra.length) {
      to.refuse(
        'bad-extra-field',
        `Extra field ${hex(id)} is longer than its header allows.`,
        entry,
      )
      return found
    }
    if (found.has(id) && (id === zip64Id || id === unicodePathId)) {
      to.refuse('duplicate-extra-field', `Extra field ${hex(id)} is there twice.`, entry)
    } else found.set(id, extra.subarray(at + 4, end))
    at = end
  }
  if (at !== extra.length) {
    const message = `There are ${extra.length - at} bytes after the last extra field.`
    to.remark('bad-extra-field', message, entry)
  }
  return found
}

/** APPNOTE 4.5.3: values in this order, each only if its field in the header is all ones. */
function applyZip64<Fields extends Zip64Fields>(
  fields: Fields,
  data: Buffer | undefined,
  entry: string,
  to: Findings,
): Fields {
  let at = 0
  const take = (value: number): number => {
    if (value !== 0xffffffff) return value
    if (!data || data.length < at + 8) {
      const message = 'A size or place is given as "see ZIP64", but no ZIP64 extra field has it.'
      throw new InvalidArchive('zip64-inconsistent', message, entry)
    }
    at += 8
    return safeUInt64(data, at - 8)
  }
  const size = take(fields.size)
  const compressedSize = take(fields.compressedSize)
  const taken = { ...fields, size, compressedSize }
  const result =
    fields.headerOffset === undefined
      ? taken
      : { ...taken, headerOffset: take(fields.headerOffset) }
  if (data && data.length !== at && !repeatsSizes(data, at, result)) {
    const message = `The ZIP64 extra field has ${data.length} bytes where ${at} are needed.`
    to.remark('bad-extra-field', message, entry)
  }
  return result
}

/** Some writers give both sizes in every local header, needed or not (Bazel: protobuf's wheels). */
function repeatsSizes(data: Buffer, used: number, fields: Zip64Fields): boolean {
  if (used !== 0 || data.length !== 16 || fields.headerOffset !== undefined) return false
  return safeUInt64(data, 0) === fields.size && safeUInt64(data, 8) === fields.compressedSize
}

/** Info-ZIP's Unicode path: some readers prefer it to the name, so it may only repeat the name. */
function checkUnicodePath(data: Buffer, { rawName, entry }: HeaderExtras, to: Findings): void {
  if (data.length < 5 || data[0] !== 1 || data.readUInt32LE(1) !== crc32(rawName)) {
    to.remark('bad-extra-field', 'The Unicode path field does not belong to this name.', entry)
  }
  if (data.subarray(5).equals(rawName)) return
  to.refuse('unicode-path-differs', 'The Unicode path field holds another name.', entry)
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(4, '0')}`
}
