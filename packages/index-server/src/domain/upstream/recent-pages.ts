/** Pages that were unpacked lately: each file that is asked for is found on one. */
import { decodePage, type KeptPage } from './kept-page.ts'
import type { KeptProject } from './kept-projects.ts'

/** Compressed bytes of the pages that stay unpacked; unpacked they take some twenty times as much. */
const MOST_BYTES = 2_000_000

export class RecentPages {
  /** In the order of use, oldest first. */
  readonly #pages = new Map<string, { bytes: Uint8Array; page: Promise<KeptPage> }>()
  #size = 0

  read({ upstreamId, name, page: bytes }: KeptProject): Promise<KeptPage> {
    const key = `${upstreamId} ${name}`
    const known = this.#pages.get(key)
    this.#drop(key)
    // Compared by content: the row is read anew each time.
    const isSame = known !== undefined && Buffer.compare(known.bytes, bytes) === 0
    const page = isSame ? known.page : decodePage(bytes)
    this.#pages.set(key, { bytes, page })
    this.#size += bytes.length
    for (const oldest of this.#pages.keys()) {
      if (this.#size <= MOST_BYTES || oldest === key) break
      this.#drop(oldest)
    }
    return page
  }

  #drop(key: string): void {
    const entry = this.#pages.get(key)
    if (entry === undefined) return
    this.#pages.delete(key)
    this.#size -= entry.bytes.length
  }
}
