/**
 * The page of a project as the cache keeps it: a head in JSON, columns of numbers, and the files themselves, which stay
 * on the disk until one of them is wanted. Of the 24 MB that pages come as, an installation of a hundred projects reads 2.
 */
import type { ProjectDetail, ProjectFile } from '@cheeseshop/packaging'
import {
  emptyColumns,
  type FileColumns,
  FileTable,
  type TabledPage,
} from '../indexes/file-table.ts'
import type { StoredBytes } from './cache-entries.ts'
import type { KeptForm } from './http-cache.ts'

/** `name` is raised when the form changes. */
export const packedForm: KeptForm<TabledPage> = {
  name: 'packed-1',
  pack: packPage,
  unpack: unpackPage,
}

interface Head extends Pick<FileTable['parts'], 'releases' | 'ends' | 'tags' | 'pythons'> {
  readonly detail: Omit<ProjectDetail, 'files'>
  readonly rows: number
}

/** What is written of files: where each ends, and the checksums of blocks of them. */
interface Blocks {
  readonly rowEnds: Int32Array
  readonly checksums: Int32Array
}

function packPage({ detail, table }: TabledPage): { body: Buffer; rest: Buffer } {
  const { columns, file, releases, ends, tags, pythons } = table.parts
  const { files: _, ...described } = detail
  const rows = table.rowCount
  const lines = Array.from({ length: rows }, (_, row) => JSON.stringify(file(row)))
  const blocks = { rowEnds: rowEndsOf(lines), checksums: new Int32Array(blockOf(rows - 1) + 1) }
  // At once: a buffer for each line would take longer than all the rest.
  const rest = Buffer.from(lines.join(''))
  for (const block of blocks.checksums.keys()) {
    blocks.checksums[block] = crc32(rest.subarray(...rangeOf(blocks, block))) | 0
  }
  const head: Head = { detail: described, rows, releases, ends, tags, pythons }
  const start = Buffer.from(JSON.stringify(head))
  const size = Buffer.alloc(4)
  size.writeUInt32LE(start.length)
  const numbers = [...Object.values(columns), blocks.rowEnds, blocks.checksums]
  const body = [size, start, ...numbers.map((column) => Buffer.from(column.buffer))]
  return { body: Buffer.concat(body), rest }
}

/** In bytes. */
function rowEndsOf(lines: readonly string[]): Int32Array {
  let end = 0
  return Int32Array.from(lines, (line) => {
    end += Buffer.byteLength(line)
    return end
  })
}

/** Only what `packPage` made: the cache has compared the checksum. */
function unpackPage(body: Buffer, rest: StoredBytes): TabledPage {
  const start = 4 + body.readUInt32LE(0)
  const head: Head = JSON.parse(body.toString('utf8', 4, start))
  const { detail, rows, releases, ends, tags, pythons } = head
  const next = columnsFrom(body, start)
  const columns: FileColumns = Object.assign(
    emptyColumns(0),
    ...columnNames.map((name) => ({ [name]: next(rows) })),
  )
  const blocks = { rowEnds: next(rows), checksums: next(blockOf(rows - 1) + 1) }
  const file = fileReader(blocks, rest)
  const table = new FileTable({ releases, ends, tags, pythons, columns, file })
  return { table, detail: lazyDetail(detail, table) }
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

const columnNames = Object.keys(emptyColumns(0)) as (keyof FileColumns)[]

/** Copies: in the bytes of a file numbers may stand at any place, and a typed array wants them at every fourth. */
function columnsFrom(bytes: Buffer, start: number): (rows: number) => Int32Array {
  let at = start
  return (rows) => {
    const numbers = new Int32Array(rows)
    bytes.copy(new Uint8Array(numbers.buffer), 0, at, at + rows * 4)
    at += rows * 4
    return numbers
  }
}

/** Files that are read together: about as many as one release has. */
const blockSize = 32
const blockOf = (row: number) => Math.floor(row / blockSize)

/** Where a block stands. */
function rangeOf({ rowEnds }: Blocks, block: number): [start: number, end: number] {
  const [first, last] = [block * blockSize, Math.min((block + 1) * blockSize, rowEnds.length) - 1]
  return [first === 0 ? 0 : rowEnds[first - 1]!, rowEnds[last]!]
}

function fileReader(blocks: Blocks, rest: StoredBytes): (row: number) => ProjectFile {
  const known: ProjectFile[] = []
  const read: Buffer[] = []
  const { rowEnds, checksums } = blocks
  const blockBytes = (block: number) => {
    const bytes = rest.read(...rangeOf(blocks, block))
    return (crc32(bytes) | 0) === checksums[block] ? bytes : rest.fail()
  }
  return (row) => {
    if (known[row]) return known[row]
    const block = blockOf(row)
    read[block] ??= blockBytes(block)
    const [start] = rangeOf(blocks, block)
    const from = row === 0 ? 0 : rowEnds[row - 1]!
    known[row] = JSON.parse(read[block].toString('utf8', from - start, rowEnds[row]! - start))
    return known[row]!
  }
}

function crc32(bytes: Uint8Array): number {
  return process.getBuiltinModule('node:zlib').crc32(bytes)
}
