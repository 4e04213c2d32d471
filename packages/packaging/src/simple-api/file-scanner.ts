/** Passes the files of a page in JSON, and notes of each where it stands and what a search asks of it. */

import { isAscii } from 'node:buffer'
import { FilePattern, type Places, type WantedKey } from './file-pattern.ts'
import type { PageUrls } from './page-urls.ts'

/** Columns with one entry for each file, in the order of the page. */
export interface ListedFiles {
  readonly filenames: readonly string[]
  readonly requiresPython: readonly (string | undefined)[]
  readonly isYanked: readonly boolean[]
  /** In the bytes of the page; every file is an object of its own. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

/** Files with a wheel's or an sdist's keys, with Requires-Python and without, yanked and not: others are rare. */
const mostPatterns = 8
/** A page of more is written by no program, or by one that means harm. */
const mostDrawnUp = 200

/** URLs that begin like one that can be read can be read too: nothing in a path makes them wrong. */
const safeRoot = /^(?:https?:\/\/[\w.:@[\]-]+\/|\/[\w.-]+\/|(?:\.\.\/)+)/

export class FileScanner {
  readonly files = {
    filenames: [] as string[],
    requiresPython: [] as (string | undefined)[],
    isYanked: [] as boolean[],
    starts: [] as number[],
    ends: [] as number[],
  } satisfies ListedFiles
  readonly #body: Buffer
  /** Whether every string is what stands between its quotes. */
  readonly #isPlain: boolean
  readonly #urls: PageUrls
  /** The one that matched last comes first. */
  readonly #patterns: FilePattern[] = []
  #drawnUp = 0
  readonly #places: Places = { starts: [], ends: [] }
  /** Of the last URL that was read. */
  #root: Uint8Array | undefined
  /** The last Requires-Python, as written and as read: files mostly repeat it. */
  #python: { written?: Uint8Array; read?: string | undefined } = {}

  constructor(body: Buffer, urls: PageUrls) {
    this.#body = body
    this.#isPlain = isAscii(body) && !body.includes(0x5c)
    this.#urls = urls
  }

  /** Where the bracket is that closes the list behind `start`. Undefined where something is not as expected. */
  scan(start: number): number | undefined {
    let at = this.#next(start)
    for (;;) {
      const end = this.#file(at)
      if (end < 0) return undefined
      at = this.#next(end)
      const code = this.#body[at]
      if (code === 0x5d) return at
      if (code !== 0x2c) return undefined
      at = this.#next(at + 1)
    }
  }

  /** The place of the next character that is no white space. */
  #next(start: number): number {
    let at = start
    while (this.#body[at]! <= 0x20) at += 1
    return at
  }

  /** Where the file ends that begins here; -1 where it cannot be read. */
  #file(start: number): number {
    for (let turn = 0; turn < this.#patterns.length; turn += 1) {
      const pattern = this.#patterns[turn]!
      const end = pattern.match(this.#body, start, this.#places)
      if (end < 0) continue
      if (turn > 0) this.#patterns.unshift(...this.#patterns.splice(turn, 1))
      return this.#note(pattern, start, end) ? end : -1
    }
    const pattern = FilePattern.of(this.#body, start)
    if (pattern === undefined || ++this.#drawnUp > mostDrawnUp) return -1
    if (this.#patterns.unshift(pattern) > mostPatterns) this.#patterns.pop()
    const end = pattern.match(this.#body, start, this.#places)
    return end > 0 && this.#note(pattern, start, end) ? end : -1
  }

  #note(pattern: FilePattern, start: number, end: number): boolean {
    const filename = this.#read(pattern, 'filename')
    if (!filename || !this.#hasUrl(pattern)) return false
    const { files } = this
    files.filenames.push(filename)
    files.requiresPython.push(this.#readPython(pattern))
    files.isYanked.push(pattern.isYanked || this.#lengthOf(pattern, 'yanked') > 0)
    files.starts.push(start)
    files.ends.push(end)
    return true
  }

  /** Undefined for what is no string. */
  #read(pattern: FilePattern, key: WantedKey): string | undefined {
    const value = pattern.wanted[key]
    if (value < 0) return undefined
    const { starts, ends } = this.#places
    // Out of the bytes: a piece of the text would keep all of it in memory.
    if (this.#isPlain) return this.#body.toString('latin1', starts[value], ends[value])
    return JSON.parse(this.#body.toString('utf8', starts[value]! - 1, ends[value]! + 1))
  }

  #hasUrl(pattern: FilePattern): boolean {
    const start = this.#places.starts[pattern.wanted.url]
    if (start === undefined) return false
    if (this.#root !== undefined && isHere(this.#body, start, this.#root)) return true
    const url = this.#read(pattern, 'url')
    const root = safeRoot.exec(url ?? '')
    this.#root = root === null ? undefined : Buffer.from(root[0])
    return this.#urls.read(url) !== undefined
  }

  #readPython(pattern: FilePattern): string | undefined {
    const value = pattern.wanted['requires-python']
    const start = this.#places.starts[value]
    if (start === undefined) return undefined
    const { written } = this.#python
    if (written === undefined || !isHere(this.#body, start, written)) {
      const read = this.#read(pattern, 'requires-python') || undefined
      // With the quote behind it.
      this.#python = { written: this.#body.subarray(start, this.#places.ends[value]! + 1), read }
    }
    return this.#python.read
  }

  #lengthOf({ wanted }: FilePattern, key: WantedKey): number {
    const { starts, ends } = this.#places
    return wanted[key] < 0 ? 0 : ends[wanted[key]]! - starts[wanted[key]]!
  }
}

function isHere(bytes: Uint8Array, start: number, wanted: Uint8Array): boolean {
  for (let at = 0; at < wanted.length; at += 1) if (bytes[start + at] !== wanted[at]) return false
  return true
}
