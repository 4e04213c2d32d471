/** Values on disk under opaque keys: written whole or not at all, and removed when damaged. */
import { fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { checksum } from './checksum.ts'
import { attempt, close, readAt, remove, writeNew } from './entry-files.ts'
import {
  type CacheEntry,
  type EntryParts,
  type EntryStart,
  format,
  type Line,
  lineBytes,
  lineOf,
  readLine,
  startOf,
  wholeEntry,
} from './entry-form.ts'
import { shortHash } from './short-hash.ts'
import { damaged, RestInMemory, restChecksum, type StoredBytes } from './stored-bytes.ts'

/** What is read of a file at first: the whole of most. */
const firstRead = 32 * 1024

/** Of an entry of which only the start is wanted. */
const startRead = 4096

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

/** Where each entry is read to at first: new memory for each would take longer than to read it. */
const place = Buffer.allocUnsafeSlow(firstRead)

function copyOf(bytes: Uint8Array): Buffer {
  const copy = Buffer.allocUnsafeSlow(bytes.length)
  copy.set(bytes)
  return copy
}
