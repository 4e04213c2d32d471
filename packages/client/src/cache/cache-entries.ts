/** Values on disk under opaque keys: written whole or not at all, and removed when damaged. */
import {
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import { blockChecksums, checksum } from './checksum.ts'
import { shortHash } from './short-hash.ts'

/** What stands before the body. */
export interface EntryStart<Head> {
  readonly head: Head
  /** Tells the content from all that was or will be kept under any key: by its key, its lengths and its checksums. */
  readonly mark: string
}

export interface CacheEntry<Head> extends EntryStart<Head> {
  readonly body: Buffer
  /** What stands behind the body; empty where nothing was written there. */
  readonly rest: StoredBytes
}

/** Bytes that stay on the disk until they are wanted. */
export interface StoredBytes {
  readonly size: number
  /** No checksum covers parts: whoever reads them has his own. */
  read(start: number, end: number): Buffer
  readAll(): Buffer
  /** To be called by whoever finds them damaged: the entry is removed. */
  fail(): never
}

/** What an entry is made of. */
export interface EntryParts {
  readonly body: Buffer
  readonly rest: Uint8Array
  /** The checksums of its blocks, where they are known. */
  readonly restSums?: Int32Array
}

/** The next run asks the index anew. */
export class DamagedCacheEntry extends Error {
  override readonly name = 'DamagedCacheEntry'
  readonly hint = 'it is removed now: run the command again'
}

/** Raised when the format changes: older entries are then never looked at. */
const format = 'v5'

/** What is read of a file at first: the whole of most. */
const firstRead = 32 * 1024

/** Of an entry of which only the start is wanted. */
const startRead = 4096

interface Line<Head> {
  readonly key: string
  readonly size: number
  readonly rest: number
  readonly sum: number
  /** Of the checksums of the blocks of the rest. It is compared where the rest is read at once, and by `verifyEntries`. */
  readonly restSum: number
  readonly head: Head
}

/** One kind of entry in its own folder. `Head` is JSON. Everything is synchronous: the files are small, and waiting costs more. */
export class CacheEntries<Head extends object> {
  readonly #folder: string
  readonly #restIsRare: boolean
  /** Files that more may be read of. */
  readonly #open = new Set<number>()

  /** Where few who read an entry read its rest, only they are to pay for its checksum. */
  constructor(folder: string, kind: string, { restIsRare = false } = {}) {
    this.#folder = join(folder, `${kind}-${format}`)
    this.#restIsRare = restIsRare
  }

  read(key: string): CacheEntry<Head> | undefined {
    const path = this.#pathOf(key)
    let file: number
    try {
      file = openSync(path, 'r')
    } catch {
      return undefined
    }
    this.#open.add(file)
    const entry = attempt(() => this.#readEntry(file, path, key))
    if (entry === undefined) remove(path)
    if (entry === undefined || entry.rest instanceof RestInMemory) this.#close(file)
    return entry
  }

  /** The start of an entry and nothing else: it is not known then whether the rest is whole. Undefined also where it is long. */
  readStart(key: string): EntryStart<Head> | undefined {
    const path = this.#pathOf(key)
    const file = attempt(() => openSync(path, 'r'))
    if (file === undefined) return undefined
    const read = attempt(() => {
      const length = readSync(file, place, 0, startRead, 0)
      return readLine<Head>(place.subarray(0, length))
    })
    close(file)
    return read?.line.key === key ? startOf(read.line, path) : undefined
  }

  /** A cache that cannot be written (full, read-only) is no reason to fail: false, and nothing is left behind. */
  write(key: string, head: Head, body: Buffer, rest: Uint8Array = new Uint8Array()): boolean {
    const line = lineOf(key, head, { body, rest })
    const file = writeNew(this.#pathOf(key), [lineBytes(line), body, rest])
    if (file !== undefined) close(file)
    return file !== undefined
  }

  /** Writes an entry and gives it as `read` would, which need not look at it again. Undefined where it cannot be written. */
  keep(key: string, head: Head, parts: EntryParts): CacheEntry<Head> | undefined {
    const path = this.#pathOf(key)
    const { body, rest } = parts
    const line = lineOf(key, head, parts)
    const start = lineBytes(line)
    const file = writeNew(path, [start, body, rest])
    if (file === undefined) return undefined
    const entry = { ...startOf(line, path), body }
    const end = start.length + body.length
    if (end + rest.length >= firstRead) {
      this.#open.add(file)
      return { ...entry, rest: this.#restOnDisk(file, path, line, end) }
    }
    close(file)
    return { ...entry, rest: new RestInMemory(copyOf(rest)) }
  }

  /** What was not read yet can no longer be. */
  close(): void {
    for (const file of this.#open) this.#close(file)
  }

  #close(file: number): void {
    this.#open.delete(file)
    close(file)
  }

  /** Undefined, or an error, for what is no whole entry of this key. */
  #readEntry(file: number, path: string, key: string): CacheEntry<Head> | undefined {
    const length = readSync(file, place, 0, firstRead, 0)
    // The next entry is read to the same place, so what stays of this one is copied.
    if (length < firstRead)
      return wholeEntry(copyOf(place.subarray(0, length)), path, key, this.#restIsRare)
    const { line, start, end } = readLine<Head>(place)
    if (line.key !== key || fstatSync(file).size !== end + line.rest) return undefined
    const body = end <= length ? copyOf(place.subarray(start, end)) : readAt(file, start, end)
    if (line.sum !== checksum(body)) return undefined
    const begun = startOf(line, path)
    if (line.rest === 0) return { ...begun, body, rest: new RestInMemory(Buffer.of()) }
    return { ...begun, body, rest: this.#restOnDisk(file, path, line, end) }
  }

  /** `start`: where it begins in the file. */
  #restOnDisk(file: number, path: string, line: Line<Head>, start: number): StoredBytes {
    const read = (from: number, to: number) => {
      if (!this.#open.has(file)) throw new Error(`The client that read ${path} is closed.`)
      return readAt(file, start + from, start + to)
    }
    const fail = () => {
      throw damaged(path)
    }
    const readAll = () => {
      const bytes = read(0, line.rest)
      return restChecksum(bytes) === line.restSum ? bytes : fail()
    }
    return { size: line.rest, read, readAll, fail }
  }

  #pathOf(key: string): string {
    const name = shortHash(key)
    // As `join` would have it, which takes longer than all the rest.
    return `${this.#folder}/${name.slice(0, 2)}/${name.slice(2)}`
  }
}

/** The rest of a small entry. It is compared with its checksum when it is first read, unless it was before. */
class RestInMemory implements StoredBytes {
  readonly #bytes: Buffer
  /** Not compared yet. */
  #sum: number | undefined
  readonly #path: string

  constructor(bytes: Buffer, path = '', sum?: number) {
    this.#bytes = bytes
    this.#path = path
    this.#sum = sum
  }

  get size(): number {
    return this.#bytes.length
  }

  read(start: number, end: number): Buffer {
    return this.readAll().subarray(start, end)
  }

  readAll(): Buffer {
    if (this.#sum !== undefined && restChecksum(this.#bytes) !== this.#sum) this.fail()
    this.#sum = undefined
    return this.#bytes
  }

  fail(): never {
    if (this.#path === '') throw new DamagedCacheEntry('An entry of the cache contradicts itself.')
    throw damaged(this.#path)
  }
}

function damaged(path: string): DamagedCacheEntry {
  remove(path)
  return new DamagedCacheEntry(`${path} is damaged.`)
}

let temporaries = 0

/** Of a name that nobody else has: `wx` would tell. To load `node:crypto` takes longer than to write a dozen pages. */
function newSuffix(): string {
  temporaries += 1
  return `${process.pid}-${Math.random().toString(36).slice(2)}-${temporaries}`
}

/** Where each entry is read to at first: new memory for each would take longer than to read it. */
const place = Buffer.allocUnsafeSlow(firstRead)

function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}

/** Ends where numbers may stand: what follows is read without a copy. */
function lineBytes(line: object): Buffer {
  const text = Buffer.from(JSON.stringify(line))
  return Buffer.concat([text, Buffer.alloc(3 - (text.length & 3), ' '), Buffer.from('\n')])
}

function lineOf<Head>(key: string, head: Head, { body, rest, restSums }: EntryParts): Line<Head> {
  const sizes = { size: body.length, rest: rest.length }
  return { key, ...sizes, sum: checksum(body), restSum: restChecksum(rest, restSums), head }
}

/** From the checksums of its blocks: whoever reads parts of it has those already. */
function restChecksum(rest: Uint8Array, sums: Int32Array = blockChecksums(rest)): number {
  return checksum(new Uint8Array(sums.buffer))
}

/** The file, open for reading. Undefined where it cannot be written. */
function writeNew(path: string, parts: readonly Uint8Array[]): number | undefined {
  const temporary = `${path}.${newSuffix()}`
  let file: number | undefined
  try {
    makeFolder(dirname(path))
    file = openSync(temporary, 'wx+', 0o600)
    // Not joined before: a page of the largest projects has 20 MB.
    for (const part of parts) writeFileSync(file, part)
    renameSync(temporary, path)
    return file
  } catch {
    if (file !== undefined) close(file)
    remove(temporary)
    return undefined
  }
}

/** Throws where there is none. */
function readLine<Head>(bytes: Buffer): { line: Line<Head>; start: number; end: number } {
  const start = bytes.indexOf(10) + 1
  const line: Line<Head> = JSON.parse(bytes.toString('utf8', 0, start))
  return { line, start, end: start + line.size }
}

/**
 * Undefined, or an error, for bytes that are not all of an entry (of this key), and nothing else. Where the rest is rare,
 * whether it is right is found out by whoever reads it.
 */
function wholeEntry<Head>(
  bytes: Buffer,
  path: string,
  key?: string,
  restIsRare = false,
): CacheEntry<Head> | undefined {
  const { line, start, end } = readLine<Head>(bytes)
  if (key !== undefined && line.key !== key) return undefined
  const [body, rest] = [bytes.subarray(start, end), bytes.subarray(end)]
  if (rest.length !== line.rest || body.length !== line.size) return undefined
  if (line.sum !== checksum(body)) return undefined
  const head = startOf(line, path)
  if (restIsRare) return { ...head, body, rest: new RestInMemory(rest, path, line.restSum) }
  if (line.restSum !== restChecksum(rest)) return undefined
  return { ...head, body, rest: new RestInMemory(rest) }
}

function startOf<Head>(line: Line<Head>, path: string): EntryStart<Head> {
  const { size, rest, sum, restSum, head } = line
  // Its end is a digest of the key.
  return { head, mark: `${path.slice(-17)} ${size} ${rest} ${sum} ${restSum}` }
}

export interface EntryCheck {
  readonly checked: number
  readonly damaged: readonly string[]
  /** This user may not read them, which says nothing of what they hold. */
  readonly unread: readonly string[]
}

/** Looks at every entry of this format and removes those that are damaged. */
export function verifyEntries(folder: string): EntryCheck {
  const kinds = (attempt(() => readdirSync(folder)) ?? []).filter((name) =>
    name.endsWith(`-${format}`),
  )
  const paths = kinds.flatMap((name) => attempt(() => listFiles(join(folder, name))) ?? [])
  const unread: string[] = []
  const damaged = paths.filter((path) => {
    const bytes = attempt(() => readFileSync(path))
    if (bytes === undefined) {
      if (existsSync(path)) unread.push(path)
      return false
    }
    const isWhole = attempt(() => wholeEntry(bytes, path)) !== undefined
    if (!isWhole) remove(path)
    return !isWhole
  })
  return { checked: paths.length - unread.length, damaged, unread }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
}

/** Throws where the file ends before. */
function readAt(file: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(end - start)
  if (readSync(file, bytes, 0, bytes.length, start) !== bytes.length) throw new Error('It is cut.')
  return bytes
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Where the disk is a server's, it may be full only now: what is cut is found out by its reader. */
function close(file: number): void {
  attempt(() => closeSync(file))
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // Where nothing can be removed, nothing was written either.
  }
}
