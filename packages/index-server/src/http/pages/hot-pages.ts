/** The shortest way from a request to a page that is ready: no router, no objects, one look whether anything changed. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ClientAddresses } from '../client-addresses.ts'
import type { Reply } from '../reply.ts'
import type { CachedPage, PageCache } from './page-cache.ts'
import { matchesEtag } from './page-reply.ts'

/** What a request must repeat to be given the same bytes. */
interface HotReply {
  cached: CachedPage
  etag: string
  headers: string[]
  headersOf304: string[]
  body: Uint8Array
}

const mostEntries = 8192
/** What a client chooses of its request is kept as the key, so it is kept only while it is short. */
const longestKey = 2000

export class HotPages {
  readonly #cache: PageCache
  readonly #addresses: ClientAddresses
  readonly #replies = new Map<string, HotReply>()

  #mark: number | Promise<number> | undefined
  /** So that a page that leaves the cache leaves memory. */
  #keys = new WeakMap<CachedPage, Set<string>>()

  constructor(cache: PageCache, addresses: ClientAddresses) {
    this.#cache = cache
    this.#addresses = addresses
    cache.onDrop = (cached) => this.#forget(cached)
  }

  /** Remembers a reply made the long way, for the next request that reads the same. */
  remember(request: IncomingMessage, cached: CachedPage, reply: Reply): void {
    if (reply.status !== 200 || !(reply.body instanceof Uint8Array)) return
    if (!this.#cache.isCurrent(cached, cached.mark)) return
    const key = this.#keyOf(request)
    if (key.length > longestKey) return
    if (this.#replies.size >= mostEntries) {
      this.#replies.clear()
      this.#keys = new WeakMap()
    }
    this.#keys.set(cached, (this.#keys.get(cached) ?? new Set()).add(key))
    const { etag = '', ...rest } = reply.headers
    const lasting = ['etag', 'cache-control', 'vary', 'x-pypi-last-serial']
    const headers = Object.entries({ etag, ...rest, 'content-length': String(reply.body.length) })
    this.#replies.set(key, {
      cached,
      etag,
      headers: headers.flat(),
      headersOf304: headers.filter(([name]) => lasting.includes(name)).flat(),
      body: reply.body,
    })
  }

  /** Answers when it can; otherwise calls `otherwise`, once. */
  serve(incoming: IncomingMessage, outgoing: ServerResponse, otherwise: () => void): void {
    const { method } = incoming
    const key = method === 'GET' || method === 'HEAD' ? this.#keyOf(incoming) : ''
    const hot = this.#replies.get(key)
    const answer = (mark: number) => {
      if (hot === undefined || !this.#cache.isCurrent(hot.cached, mark)) otherwise()
      else send(hot, incoming, outgoing)
    }
    const mark = hot === undefined ? Number.NaN : this.#markOfThisTurn()
    if (typeof mark === 'number') answer(mark)
    else mark.then(answer, otherwise)
  }

  /**
   * Requests read in one turn of the event loop share one look at the database. They had all arrived before it, so
   * none of them can come from somebody who was told of a later change.
   */
  #markOfThisTurn(): number | Promise<number> {
    if (this.#mark === undefined) {
      this.#mark = this.#cache.changeMark()
      setImmediate(() => {
        this.#mark = undefined
      })
    }
    return this.#mark
  }

  /** Everything a page depends on; the newline cannot occur in any of them. */
  #keyOf(incoming: IncomingMessage): string {
    const { url, headers } = incoming
    return `${url}\n${headers.accept}\n${headers['accept-encoding']}\n${this.#addresses.baseUrlKey(incoming)}`
  }

  #forget(cached: CachedPage): void {
    for (const key of this.#keys.get(cached) ?? []) {
      if (this.#replies.get(key)?.cached === cached) this.#replies.delete(key)
    }
  }
}

function send(hot: HotReply, incoming: IncomingMessage, outgoing: ServerResponse): void {
  if (matchesEtag(incoming.headers['if-none-match'], hot.etag)) {
    outgoing.writeHead(304, hot.headersOf304)
    outgoing.end()
  } else {
    outgoing.writeHead(200, hot.headers)
    outgoing.end(hot.body)
  }
}
