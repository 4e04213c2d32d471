/** Keeps the pages of projects as bytes, in bounded memory, and never hands out one that is behind the database. */
import { Page, type PageContent } from './page.ts'

export interface PageCacheOptions {
  /** Bytes of pages to keep; the page in use may exceed it. */
  limit: number
  /** Equal to an earlier value only if nothing was committed in between. */
  changeMark(): number | Promise<number>
  /** Milliseconds. */
  now(): number
}

export interface PageRequest {
  /** Names the page among all pages of all projects. */
  key: string
  /** That of the page as it would be made now: a cheap question. */
  stateKey(): Promise<string>
  /** `undefined` when there is no such page. */
  render(): Promise<PageContent | undefined>
}

/** A page, and the last change mark at which it was seen to be up to date. */
export interface CachedPage {
  readonly page: Page
  readonly key: string
  mark: number
  size: number
}

export class PageCache {
  /** In the order of use, oldest first. */
  readonly #pages = new Map<string, CachedPage>()
  readonly #renders = new Map<string, { mark: number; result: Promise<CachedPage | undefined> }>()
  readonly #options: PageCacheOptions
  #size = 0
  /** Told of each page that leaves. */
  onDrop: (cached: CachedPage) => void = () => {}

  constructor(options: PageCacheOptions) {
    this.#options = options
  }

  get size(): number {
    return this.#size
  }

  changeMark(): number | Promise<number> {
    return this.#options.changeMark()
  }

  /** True while the page is kept and valid, and nothing has changed since the mark it was checked at. */
  isCurrent(cached: CachedPage, mark: number): boolean {
    if (cached.mark !== mark || !this.#isValid(cached.page)) return false
    return this.#pages.get(cached.key) === cached
  }

  async get(request: PageRequest): Promise<CachedPage | undefined> {
    // The mark is read before anything else: a change after it makes the page be checked once more, never once less.
    const mark = await this.changeMark()
    const cached = this.#pages.get(request.key)
    if (cached && (await this.#isUpToDate(cached, request, mark))) {
      this.#pages.delete(request.key)
      this.#pages.set(request.key, cached)
      return cached
    }
    return this.#renderOnce(request, mark)
  }

  async #isUpToDate(cached: CachedPage, { stateKey }: PageRequest, mark: number): Promise<boolean> {
    if (!this.#isValid(cached.page)) return false
    if (cached.mark === mark) return true
    if ((await stateKey()) !== cached.page.stateKey) return false
    cached.mark = mark
    return true
  }

  /** Most pages are valid until something changes, and then the clock need not be read. */
  #isValid({ validUntil }: Page): boolean {
    return validUntil === Number.POSITIVE_INFINITY || validUntil > this.#options.now()
  }

  /** Requests share a rendering only if it began after the last change they may have heard of. */
  #renderOnce(request: PageRequest, mark: number): Promise<CachedPage | undefined> {
    const underWay = this.#renders.get(request.key)
    if (underWay?.mark === mark) return underWay.result
    const render = { mark, result: this.#render(request, mark) }
    this.#renders.set(request.key, render)
    const forget = () => {
      if (this.#renders.get(request.key) === render) this.#renders.delete(request.key)
    }
    render.result.then(forget, forget)
    return render.result
  }

  async #render(request: PageRequest, mark: number): Promise<CachedPage | undefined> {
    const content = await request.render()
    this.#drop(request.key)
    if (content === undefined) return undefined
    const page = new Page(content, (bytes) => this.#grow(cached, bytes))
    const cached: CachedPage = { page, key: request.key, mark, size: 0 }
    this.#pages.set(request.key, cached)
    this.#grow(cached, page.size + 500)
    return cached
  }

  #grow(cached: CachedPage, bytes: number): void {
    if (this.#pages.get(cached.key) !== cached) return
    cached.size += bytes
    this.#size += bytes
    for (const [key, oldest] of this.#pages) {
      if (this.#size <= this.#options.limit || oldest === cached) break
      this.#drop(key)
    }
  }

  #drop(key: string): void {
    const cached = this.#pages.get(key)
    if (cached === undefined) return
    this.#pages.delete(key)
    this.#size -= cached.size
    this.onDrop(cached)
  }
}
