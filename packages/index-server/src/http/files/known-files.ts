/** Remembers what was found at the URLs of files while nothing changes, so that the same question is not asked again. */
import type { SentFile } from './send-file.ts'

interface KnownFile {
  readonly file: SentFile
  readonly mark: number
  readonly validUntil: number
}

const mostKnown = 20_000

export class KnownFiles {
  readonly #changeMark: () => number | Promise<number>
  readonly #now: () => number
  readonly #files = new Map<string, KnownFile>()

  constructor(changeMark: () => number | Promise<number>, now: () => number) {
    this.#changeMark = changeMark
    this.#now = now
  }

  /** `find` says until when, in milliseconds, its answer holds if nothing changes. */
  async get(
    url: string,
    find: () => Promise<{ file: SentFile; validUntil: number } | undefined>,
  ): Promise<SentFile | undefined> {
    // Before anything is read: what changes meanwhile makes it be asked once more, never once less.
    const mark = await this.#changeMark()
    const known = this.#files.get(url)
    if (known?.mark === mark && known.validUntil > this.#now()) return known.file
    this.#files.delete(url)
    const found = await find()
    if (found === undefined) return undefined
    if (this.#files.size >= mostKnown) this.#files.clear()
    this.#files.set(url, { ...found, mark })
    return found.file
  }
}
