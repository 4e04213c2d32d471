/** HTTP as the rest of the client wants it: redirects followed, credentials added, failures tried again, everything told. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { ClientError, HttpStatusError } from '../client-error.ts'
import type { ClientEvent, OnClientEvent } from '../client-event.ts'
import type { NetworkOptions } from '../client-options.ts'
import { userinfoOf, withoutUserinfo } from '../credentials/credential.ts'
import type { Credentials } from '../credentials/credentials.ts'
import { redactUrl } from '../redact-url.ts'
import { Agents } from './agents.ts'
import { exchange, type RequestBody } from './exchange.ts'
import { Limiter } from './limiter.ts'
import { mostRedirects, redirectTarget, tooManyRedirects } from './redirect.ts'
import { parseRetryAfter, retryDelay } from './retry-delay.ts'

export interface HttpRequest {
  readonly url: string | URL
  readonly method?: 'GET' | 'HEAD' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RequestBody
  readonly lane?: 'requests' | 'downloads'
  readonly idleTimeoutMs?: number
  /** Sent in place of the credentials known, and only to the origin of `url`; null for none. */
  readonly authorization?: string | null
  /** Ends this request alone; that of the options ends all. */
  readonly signal?: AbortSignal
}

export interface HttpResponse {
  readonly status: number
  readonly reason: string
  readonly headers: IncomingHttpHeaders
  /** After redirects, without userinfo. */
  readonly url: URL
  readonly body: IncomingMessage
}

export interface TransportOptions {
  readonly network: NetworkOptions
  readonly credentials: Credentials
  readonly isOffline: boolean
  readonly onEvent?: OnClientEvent | undefined
  readonly signal?: AbortSignal | undefined
}

const defaultUserAgent = 'cheese/0.1.0'

export class Transport {
  readonly largeAnswers: Limiter | undefined
  readonly #options: TransportOptions
  readonly #agents: Agents
  readonly #lanes: Record<'requests' | 'downloads', Limiter>

  constructor(options: TransportOptions) {
    this.#options = options
    this.#agents = new Agents(options.network)
    const { requests = 32, downloads = 8, largeAnswers } = options.network.concurrency ?? {}
    if (largeAnswers !== undefined) this.largeAnswers = new Limiter(largeAnswers)
    this.#lanes = { requests: new Limiter(requests), downloads: new Limiter(downloads) }
  }

  /**
   * Sends a request and gives the answer, whatever its status, to `consume`. When either fails in a way that may pass,
   * both are repeated; `makeRequest` is asked each time, so that a download can go on where it stopped.
   */
  async run<Result>(
    makeRequest: () => HttpRequest,
    consume: (response: HttpResponse) => Promise<Result>,
  ): Promise<Result> {
    const { retries = 3, backoffMs = 300 } = this.#options.network
    for (let attempt = 0; ; attempt++) {
      const request = makeRequest()
      try {
        return await this.#lanes[request.lane ?? 'requests'].run(() => this.#once(request, consume))
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        const waitMs = retryDelay(error, attempt, { retries, backoffMs })
        if (waitMs === undefined) throw error
        const { url, message: reason } = error
        this.emit({ type: 'retry', url, reason, attempt: attempt + 1, waitMs })
        await wait(waitMs, this.#signalFor(request))
      }
    }
  }

  emit(event: ClientEvent): void {
    this.#options.onEvent?.(event)
  }

  close(): void {
    this.#agents.close()
  }

  async #once<Result>(
    request: HttpRequest,
    consume: (response: HttpResponse) => Promise<Result>,
  ): Promise<Result> {
    const response = await this.#follow(request)
    try {
      return await consume(response)
    } finally {
      discard(response.body)
    }
  }

  async #follow(request: HttpRequest): Promise<HttpResponse> {
    const { credentials } = this.#options
    const asked = parseHttpUrl(request.url)
    const userinfo = userinfoOf(asked)
    const start = withoutUserinfo(asked)
    let url = start
    let hasAsked = false
    for (let hops = 0; hops <= mostRedirects; hops++) {
      const isHome = url.origin === start.origin
      const own = isHome ? userinfo : undefined
      const authorization =
        request.authorization === undefined
          ? credentials.authorizationFor(url, own)
          : (isHome && request.authorization) || undefined
      const response = await this.#send(request, url, authorization)
      const { status, headers } = response
      if (status === 401 && !hasAsked && request.authorization === undefined) {
        hasAsked = true
        if (await credentials.askKeyring(url, authorization, own)) {
          discard(response.body)
          continue
        }
      }
      const rules = {
        hadCredentials: authorization !== undefined,
        isUpload: request.method === 'POST',
      }
      const next = redirectTarget(url, { status, location: headers.location }, rules)
      if (next === undefined) return response
      discard(response.body)
      this.emit({ type: 'redirect', from: redactUrl(url), to: redactUrl(next) })
      url = next
    }
    throw tooManyRedirects(start)
  }

  async #send(request: HttpRequest, url: URL, authorization?: string): Promise<HttpResponse> {
    const { network, onEvent } = this.#options
    const signal = this.#signalFor(request)
    if (this.#options.isOffline) throw offline(url)
    const method = request.method ?? 'GET'
    const shown = onEvent === undefined ? '' : redactUrl(url)
    this.emit({ type: 'request', method, url: shown })
    const started = performance.now()
    const body = await exchange(this.#agents, {
      method,
      url,
      headers: {
        'user-agent': network.userAgent ?? defaultUserAgent,
        ...request.headers,
        ...(request.body && { 'content-length': request.body.length }),
        ...(authorization !== undefined && { authorization }),
      },
      connectTimeoutMs: network.connectTimeoutMs ?? 10_000,
      idleTimeoutMs: request.idleTimeoutMs ?? network.idleTimeoutMs ?? 30_000,
      ...(request.body && { body: request.body }),
      ...(signal && { signal }),
    })
    const status = body.statusCode ?? 0
    this.emit({ type: 'response', url: shown, status, milliseconds: performance.now() - started })
    return { status, reason: body.statusMessage ?? '', headers: body.headers, url, body }
  }

  #signalFor(request: HttpRequest): AbortSignal | undefined {
    const { signal } = this.#options
    if (request.signal === undefined) return signal
    return signal === undefined ? request.signal : AbortSignal.any([signal, request.signal])
  }
}

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
}

/** The error for a status that is not wanted, with the wait the server asks for. */
export function statusError({ status, reason, headers, url }: HttpResponse): HttpStatusError {
  const retryAfterMs = parseRetryAfter(headers['retry-after'], Date.now())
  return new HttpStatusError(status, reason, {
    url,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

function parseHttpUrl(value: string | URL): URL {
  const url = URL.parse(String(value))
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url
  throw new ClientError('bad-url', `${redactUrl(value)} cannot be asked for.`, {
    url: value,
    hint: 'URLs of indexes and files start with https://, http:// or file://.',
  })
}

function offline(url: URL): ClientError {
  const message = `${redactUrl(url)} is not in the cache, and the network is not to be used.`
  return new ClientError('offline', message, {
    url,
    hint: 'Try again without the offline setting.',
  })
}

/** A short rest is read so that the connection can be kept; a long one is not worth it. */
function discard(body: IncomingMessage): void {
  if (body.readableEnded || body.destroyed) return
  let room = 64 * 1024
  body.on('error', () => {})
  body.on('data', ({ length }: Buffer) => {
    room -= length
    if (room < 0) body.destroy()
  })
  body.resume()
}
