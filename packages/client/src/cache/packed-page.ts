/**
 * The page of a project as the cache keeps it: a head in JSON, columns of numbers, and the files themselves, which stay
 * on the disk until one of them is wanted. Of the 24 MB that pages come as, an installation of a hundred projects reads 2.
 */
import type { ProjectDetail, ProjectFile } from '@cheeseshop/packaging'
import { FileTable, type FileTableParts, type TabledPage } from '../indexes/file-table.ts'
import type { StoredBytes } from './cache-entries.ts'
import { checksum } from './checksum.ts'
import type { KeptForm } from './http-cache.ts'

/** `name` is raised when the form changes. */
export const packedForm: KeptForm<TabledPage> = {
  name: 'packed-2',
  pack: packPage,
  unpack: unpackPage,
}

interface Head
  extends Pick<FileTableParts, 'releases' | 'ends' | 'prereleases' | 'tags' | 'pythons' | 'kinds'> {
  /** Without what is only asked for by those who look at all files; that stands in the last block. */
  readonly detail: Omit<ProjectDetail, 'files' | 'versions'>
  readonly hasVersions: boolean
  readonly rows: number
}

/** What is written of files: blocks of a few, where each ends, and their checksums. */
interface Blocks {
  readonly ends: Int32Array
  readonly sums: Int32Array
}

/** Behind the files. */
interface Tail {
  readonly places: readonly number[]
  readonly versions?: readonly string[]
}

/** Files that are read together: about as many as one release has. */
const blockSize = 8
const blockOf = (row: number) => Math.floor(row / blockSize)
const blockCount = (rows: number) => Math.ceil(rows / blockSize) + 1

function packPage({ detail, table }: TabledPage): { body: Buffer; rest: Buffer } {
  const { kindOf, places, file, ...parts } = table.parts
  const { files: _, versions, ...described } = detail
  const rows = table.rowCount
  const tail: Tail = { places: [...places()], ...(versions && { versions }) }
  const texts = Array.from({ length: blockCount(rows) - 1 }, (_, block) => {
    const from = block * blockSize
    const length = Math.min(blockSize, rows - from)
    return padded(JSON.stringify(Array.from({ length }, (_, at) => file(from + at))))
  })
  const { rest, blocks } = layOut([...texts, JSON.stringify(tail)])
  const head: Head = { detail: described, hasVersions: versions !== undefined, rows, ...parts }
  const start = Buffer.from(padded(JSON.stringify(head)))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(start.length)
  const numbers = [kindOf, blocks.ends, blocks.sums].map((column) => Buffer.from(column.buffer))
  return { body: Buffer.concat([size, start, ...numbers]), rest }
}

/** What follows begins at a multiple of four bytes: numbers are read where they stand, and sums are made by words. */
function padded(json: string): string {
  return json + ' '.repeat(-Buffer.byteLength(json) & 3)
}

function layOut(texts: readonly string[]): { rest: Buffer; blocks: Blocks } {
  // At once: a buffer for each text would take longer than all the rest.
  const rest = Buffer.from(texts.join(''))
  let end = 0
  const ends = Int32Array.from(texts, (text) => {
    end += Buffer.byteLength(text)
    return end
  })
  const sums = Int32Array.from(texts, (_, block) => checksum(rest.subarray(...range(ends, block))))
  return { rest, blocks: { ends, sums } }
}

/** Where a block stands. */
function range(ends: Int32Array, block: number): [start: number, end: number] {
  return [block === 0 ? 0 : ends[block - 1]!, ends[block]!]
}

/** Only what `packPage` made: the cache has compared the checksum. */
function unpackPage(body: Buffer, rest: StoredBytes): TabledPage {
  const start = 4 + body.readUInt32LE(0)
  const { detail, hasVersions, rows, ...parts }: Head = JSON.parse(body.toString('utf8', 4, start))
  const next = columnsFrom(body, start)
  const kindOf = next(rows)
  const blocks = { ends: next(blockCount(rows)), sums: next(blockCount(rows)) }
  const block = blockReader(blocks, rest)
  const tail = () => block(blockCount(rows) - 1) as Tail
  const file = (row: number) => (block(blockOf(row)) as ProjectFile[])[row % blockSize]!
  const places = () => Int32Array.from(tail().places)
  const table = new FileTable({ ...parts, kindOf, places, file })
  const page = lazyDetail(detail, table)
  if (!hasVersions) return { table, detail: page }
  const versions = { enumerable: true, get: () => tail().versions }
  return { table, detail: Object.defineProperty(page, 'versions', versions) }
}

/** Most who ask for a page look at few of its files. */
function lazyDetail(detail: Head['detail'], table: FileTable): ProjectDetail {
  let files: readonly ProjectFile[] | undefined
  return {
    ...detail,
    get files() {
      files ??= table.files()
      return files
    },
  }
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

function blockReader(blocks: Blocks, rest: StoredBytes): (block: number) => unknown {
  const known: unknown[] = []
  return (block) => {
    if (known[block] === undefined) {
      const bytes = rest.read(...range(blocks.ends, block))
      const text = checksum(bytes) === blocks.sums[block] ? bytes : rest.fail()
      known[block] = JSON.parse(text.toString())
    }
    return known[block]
  }
}
