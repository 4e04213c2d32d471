/**
 * The page of a project as the cache keeps it: a head in JSON, columns of numbers, and the files themselves, as the index
 * wrote them, which stay on the disk until one of them is wanted.
 */
import { type ProjectDetail, type ProjectFile, readListedFile } from '@cheeseshop/packaging'
import {
  FileTable,
  type FileTableParts,
  type TabledPage,
  type WrittenFiles,
} from '../indexes/file-table.ts'
import { withFiles } from '../indexes/tabled-page.ts'
import { blockChecksums, blockSize } from './checksum.ts'
import type { EntryParts } from './entry-form.ts'
import type { KeptForm } from './http-cache.ts'
import type { StoredBytes } from './stored-bytes.ts'

/** `name` is raised when the form changes. */
export const packedForm: KeptForm<TabledPage> = {
  name: 'packed-3',
  pack: packPage,
  unpack: unpackPage,
}

interface Head
  extends Pick<FileTableParts, 'releases' | 'ends' | 'prereleases' | 'tags' | 'pythons' | 'kinds'> {
  /** Without what few ask for; that stands behind the columns. */
  readonly detail: Omit<ProjectDetail, 'files' | 'versions'>
  readonly hasVersions: boolean
  readonly rows: number
  readonly blocks: number
  readonly baseUrl?: string | undefined
}

function packPage(page: TabledPage): EntryParts {
  const { detail, table } = page
  const { kindOf, places: placesOf, file: _file, ...parts } = table.parts
  const { bytes, starts, ends, baseUrl } = page.written ?? writeFiles(detail.files)
  const described = describe(detail)
  const { versions } = detail
  const rows = table.rowCount
  const places = placesOf()
  const sums = blockChecksums(bytes)
  const head: Head = {
    ...{ detail: described, hasVersions: versions !== undefined },
    ...{ rows, blocks: sums.length, baseUrl, ...parts },
  }
  const start = Buffer.from(padded(JSON.stringify(head)))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(start.length)
  const columns = [kindOf, places.map((place) => starts[place]!), places.map((at) => ends[at]!)]
  const numbers = [...columns, sums].map((column) => Buffer.from(column.buffer))
  const last = Buffer.from(versions === undefined ? '' : JSON.stringify(versions))
  return { body: Buffer.concat([size, start, ...numbers, last]), rest: bytes, restSums: sums }
}

/** Files are left out without being read. */
function describe(detail: ProjectDetail): Head['detail'] {
  const { meta, name, status } = detail
  return { meta, name, ...(status && { status }) }
}

/** Where nobody knows how an index wrote them, in our own words. */
function writeFiles(files: readonly ProjectFile[]): WrittenFiles {
  const texts = files.map((file) => JSON.stringify(file))
  let end = 0
  const ends = texts.map((text) => {
    end += Buffer.byteLength(text)
    return end
  })
  // At once: a buffer for each text would take longer than all the rest.
  const bytes = Buffer.from(texts.join(''))
  return { bytes, starts: [0, ...ends.slice(0, -1)], ends, baseUrl: undefined }
}

/** Numbers begin at a multiple of four bytes, and are read where they stand. */
function padded(json: string): string {
  return json + ' '.repeat(-Buffer.byteLength(json) & 3)
}

/** Only what `packPage` made: the cache has compared the checksum. */
function unpackPage(body: Buffer, rest: StoredBytes, mark: string): TabledPage {
  const start = 4 + body.readUInt32LE(0)
  const head: Head = JSON.parse(body.toString('utf8', 4, start))
  const { detail, hasVersions, rows, blocks, baseUrl, ...parts } = head
  const next = columnsFrom(body, start)
  const [kindOf, starts, ends] = [next(rows), next(rows), next(rows)]
  const text = textReader(next(blocks), rest)
  const file = (row: number): ProjectFile => {
    const written = text(starts[row]!, ends[row]!)
    return baseUrl === undefined ? JSON.parse(written) : readListedFile(written, baseUrl)
  }
  const table = new FileTable({ ...parts, kindOf, places: () => placesOf(starts), file })
  const page = withFiles(detail, table)
  if (!hasVersions) return { table, detail: page, mark }
  const last = body.subarray(start + 4 * (3 * rows + blocks))
  const versions = { enumerable: true, get: () => JSON.parse(last.toString()) }
  return { table, detail: Object.defineProperty(page, 'versions', versions), mark }
}

/** By row: as many files as begin before it. */
function placesOf(starts: Int32Array): Int32Array {
  const rows = Int32Array.from(starts.keys()).sort((a, b) => starts[a]! - starts[b]!)
  const places = new Int32Array(rows.length)
  for (const [place, row] of rows.entries()) places[row] = place
  return places
}

/** The numbers themselves where they stand as `packPage` put them; else a copy, as typed arrays want it. */
function columnsFrom(bytes: Buffer, start: number): (count: number) => Int32Array {
  let at = start
  return (count) => {
    const column = bytes.subarray(at, at + count * 4)
    at += count * 4
    const { buffer, byteOffset } = column.byteOffset % 4 === 0 ? column : new Uint8Array(column)
    return new Int32Array(buffer, byteOffset, count)
  }
}

/** Reads the blocks in which a text stands, which are compared with their checksums; the next one is mostly in them too. */
function textReader(sums: Int32Array, rest: StoredBytes): (start: number, end: number) => string {
  let [from, to] = [0, 0]
  let bytes: Buffer = Buffer.alloc(0)
  const read = (start: number, end: number) => {
    const first = Math.floor(start / blockSize)
    from = first * blockSize
    to = Math.min(Math.ceil(end / blockSize) * blockSize, rest.size)
    bytes = rest.read(from, to)
    for (const [at, sum] of blockChecksums(bytes).entries())
      if (sum !== sums[first + at]) rest.fail()
  }
  return (start, end) => {
    if (start < from || end > to) read(start, end)
    return bytes.toString('utf8', start - from, end - from)
  }
}
