/** GET with a memory: fresh answers cost no request, old ones are confirmed, and they help out when the index is down. */
import type { IncomingHttpHeaders } from 'node:http'
import { ClientError, HttpStatusError } from '../client-error.ts'
import { withoutUserinfo } from '../credentials/credential.ts'
import { redactUrl } from '../redact-url.ts'
import { acceptedEncodings, readBody } from '../transport/read-body.ts'
import { type HttpResponse, statusError, type Transport } from '../transport/transport.ts'
import type { CacheEntries } from './cache-entries.ts'
import type { CacheEntry, EntryParts, EntryStart } from './entry-form.ts'
import { freshnessOf } from './freshness.ts'
import type { StoredBytes } from './stored-bytes.ts'

export interface CacheHead {
  /** Where the body came from, after redirects. */
  readonly url: string
  readonly contentType: string
  readonly etag?: string
  readonly lastModified?: string
  readonly cacheControl?: string
  readonly freshUntil: number
  readonly mayServeStale: boolean
}

export interface CachedRequest {
  readonly url: string | URL
  readonly accept: string
  /** Bytes, decoded, of what may be fetched. */
  readonly limit: number
  /** Ask the server also when the answer is fresh. */
  readonly refresh?: boolean
  /** False: nothing is read from disk or written there. */
  readonly keep?: boolean
}

export interface CachedAnswer {
  readonly url: URL
  readonly contentType: string
  readonly body: Buffer
}

/** How a value is kept where that is not as it came. */
export interface KeptForm<Value> {
  readonly name: string
  /** The rest stays on the disk until it is wanted. */
  readonly pack: (value: Value) => EntryParts
  /** `mark` tells what it is unpacked from, as `HttpCache.mark` does. */
  readonly unpack: (body: Buffer, rest: StoredBytes, mark: string) => Value
}

/** How an answer becomes a value. */
interface AnswerForm<Value> {
  readonly read: (answer: CachedAnswer) => Value
  readonly kept: KeptForm<Value> | undefined
}

interface Question<Value> {
  readonly request: CachedRequest
  readonly form: AnswerForm<Value>
  readonly key: string
  readonly entry: CacheEntry<CacheHead> | undefined
}

export interface HttpCacheOptions {
  readonly transport: Transport
  /** Undefined: nothing is kept. */
  readonly entries: CacheEntries<CacheHead> | undefined
  readonly isOffline: boolean
}

export class HttpCache {
  readonly #options: HttpCacheOptions

  constructor(options: HttpCacheOptions) {
    this.#options = options
  }

  /**
   * What `read` makes of the answer; only what it can read is kept. Throws HttpStatusError for every status but 200, and
   * ClientError for what else can happen.
   */
  async get<Value>(
    request: CachedRequest,
    read: (answer: CachedAnswer) => Value,
    kept?: KeptForm<Value>,
  ): Promise<Value> {
    const { entries, isOffline } = this.#options
    const form = { read, kept }
    const key = keyOf(request, kept?.name)
    const entry = request.keep === false ? undefined : entries?.read(key)
    if (entry !== undefined && isOffline) return this.#recall(form, entry, 'stale', 'offline')
    if (entry !== undefined && !request.refresh && entry.head.freshUntil > Date.now()) {
      return this.#recall(form, entry, 'fresh')
    }
    // It was fetched by someone who would wait for it; to ask once more would bring nothing that may be read.
    if (entry !== undefined && kept === undefined && entry.body.length > request.limit) {
      return this.#recall(form, entry, 'stale', 'too large to be fetched again')
    }
    try {
      return await this.#ask({ request, form, key, entry })
    } catch (error) {
      if (entry === undefined || !entry.head.mayServeStale || !isOutage(error)) throw error
      return this.#recall(form, entry, 'stale', error.message)
    }
  }

  /** The mark of what `get` would answer without asking the server, which is not read for that. */
  mark(request: CachedRequest, kept: Pick<KeptForm<never>, 'name'>): string | undefined {
    const { entries, isOffline } = this.#options
    const start = entries?.readStart(keyOf(request, kept.name))
    if (start === undefined) return undefined
    const isFresh = !request.refresh && start.head.freshUntil > Date.now()
    return isFresh || isOffline ? markOf(start) : undefined
  }

  #ask<Value>(question: Question<Value>): Promise<Value> {
    const { request, form, key, entry } = question
    const headers = {
      accept: request.accept,
      'accept-encoding': acceptedEncodings,
      ...(request.refresh && { 'cache-control': 'no-cache' }),
      ...conditions(entry?.head),
    }
    return this.#options.transport.run(
      () => ({ url: request.url, headers }),
      async (response) => {
        if (response.status === 304 && entry !== undefined) {
          this.#confirm(key, entry, response)
          return this.#recall(form, entry, 'revalidated')
        }
        if (response.status !== 200) throw statusError(response)
        const answer = await this.#receive(request, response)
        const value = form.read(answer)
        return request.keep === false
          ? value
          : this.#keep(question, answer, response.headers, value)
      },
    )
  }

  async #receive({ limit }: CachedRequest, response: HttpResponse): Promise<CachedAnswer> {
    const { body, url, headers } = response
    const { transport } = this.#options
    const { bytes, received, leave } = await readBody(body, url, limit, transport.largeAnswers)
    leave()
    transport.emit({ type: 'received', url: redactUrl(url), bytes: received })
    return { url, contentType: headers['content-type'] ?? '', body: bytes }
  }

  /** The value to go on with. */
  #keep<Value>(
    { key, form }: Question<Value>,
    { url, contentType, body }: CachedAnswer,
    headers: IncomingHttpHeaders,
    value: Value,
  ): Value {
    const { mayStore, ...freshness } = freshnessOf(headers, Date.now())
    const { entries } = this.#options
    if (!mayStore || entries === undefined) return value
    const { etag, 'last-modified': lastModified, 'cache-control': cacheControl } = headers
    const head = {
      url: url.href,
      contentType,
      ...(etag !== undefined && { etag }),
      ...(lastModified !== undefined && { lastModified }),
      ...(cacheControl !== undefined && { cacheControl }),
      ...freshness,
    }
    if (form.kept === undefined) {
      entries.write(key, head, body)
      return value
    }
    // What is on the disk need not fill the memory too: a hundred pages would with 100 MB.
    const entry = entries.keep(key, head, form.kept.pack(value))
    return entry ? form.kept.unpack(entry.body, entry.rest, markOf(entry)) : value
  }

  /** 304: the body stays and its time begins anew; what the answer does not say stays as it was (RFC 9111, 4.3.4). */
  #confirm(key: string, entry: CacheEntry<CacheHead>, { headers }: HttpResponse): void {
    const { cacheControl } = entry.head
    const stored = cacheControl === undefined ? {} : { 'cache-control': cacheControl }
    const { mayStore, ...freshness } = freshnessOf({ ...stored, ...headers }, Date.now())
    if (!mayStore) return
    const rest = entry.rest.read(0, entry.rest.size)
    this.#options.entries?.write(key, { ...entry.head, ...freshness }, entry.body, rest)
  }

  #recall<Value>(
    form: AnswerForm<Value>,
    entry: CacheEntry<CacheHead>,
    outcome: 'fresh' | 'revalidated' | 'stale',
    reason?: string,
  ): Value {
    const { head, body, rest } = entry
    const event = { type: 'cache', url: redactUrl(head.url), outcome } as const
    this.#options.transport.emit(reason === undefined ? event : { ...event, reason })
    if (form.kept) return form.kept.unpack(body, rest, markOf(entry))
    return form.read({ url: new URL(head.url), contentType: head.contentType, body })
  }
}

/** What is accepted is part of the key, so the answer varies with nothing that we change. Userinfo is left out. */
function keyOf({ url, accept }: CachedRequest, form: string | undefined): string {
  const key = `${plainHref(url)} ${accept}`
  return form === undefined ? key : `${key} ${form}`
}

function plainHref(url: string | URL): string {
  const parsed = typeof url === 'string' ? new URL(url) : url
  const isPlain = !parsed.href.includes('#') && !parsed.href.includes('@')
  if (isPlain) return parsed.href
  const plain = withoutUserinfo(parsed)
  plain.hash = ''
  return plain.href
}

/** The server's own name for the content counts too. */
function markOf({ mark, head }: EntryStart<CacheHead>): string {
  return `${mark} ${head.etag ?? ''}`
}

function conditions(head: CacheHead | undefined): Record<string, string> {
  return {
    ...(head?.etag !== undefined && { 'if-none-match': head.etag }),
    ...(head?.lastModified !== undefined && { 'if-modified-since': head.lastModified }),
  }
}

/** The server cannot be asked or is in trouble; a refusal is an answer and counts. */
function isOutage(error: unknown): error is ClientError {
  if (error instanceof HttpStatusError) return error.status >= 500
  return error instanceof ClientError && ['connection', 'timeout', 'proxy'].includes(error.code)
}
