/** One request and the head of its answer: no redirects, no credentials, no second try. */
import type { ClientRequest, IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'
import type { Agents } from './agents.ts'
import { connectionError } from './connection-error.ts'

export interface Exchange {
  readonly method: string
  readonly url: URL
  readonly headers: OutgoingHttpHeaders
  readonly body?: RequestBody
  readonly connectTimeoutMs: number
  readonly idleTimeoutMs: number
  readonly signal?: AbortSignal
}

/** Bytes that can be sent again when a try fails. */
export interface RequestBody {
  readonly length: number
  chunks(): AsyncIterable<Uint8Array>
}

/** A server may close a kept connection just when we use it: then another connection is tried, at once. */
const staleTries = 8

export async function exchange(
  agents: Agents,
  options: Exchange,
  triesLeft = staleTries,
): Promise<IncomingMessage> {
  const outcome = await attempt(agents, options)
  if (outcome.response !== undefined) return outcome.response
  const canRepeat = outcome.wasStale && options.body === undefined && triesLeft > 0
  if (!canRepeat) throw outcome.error
  return exchange(agents, options, triesLeft - 1)
}

type Outcome =
  | { readonly response: IncomingMessage }
  | { readonly response?: undefined; readonly error: ClientError; readonly wasStale: boolean }

function attempt(agents: Agents, options: Exchange): Promise<Outcome> {
  return new Promise((resolve) => {
    const { method, url, headers, signal } = options
    const request = agents.request(url, { method, headers, ...(signal && { signal }) })
    request.once('response', (response) => resolve({ response }))
    request.on('error', (cause: NodeJS.ErrnoException) => {
      const error = cause instanceof ClientError ? cause : connectionError(cause, url)
      const wasClosed = cause.code === 'ECONNRESET' || cause.code === 'EPIPE'
      resolve({ error, wasStale: request.reusedSocket && wasClosed })
    })
    watchTime(request, options)
    if (options.body === undefined) request.end()
    else void sendBody(request, options.body)
  })
}

async function sendBody(request: ClientRequest, body: RequestBody): Promise<void> {
  let hasAnswer = false
  // An answer before the end of the body is a refusal: the rest is of no use, and neither is the connection after it.
  request.once('response', (response) => {
    hasAnswer = true
    response.once('close', () => {
      if (!request.writableEnded) request.destroy()
    })
  })
  try {
    for await (const chunk of body.chunks()) {
      if (request.destroyed || hasAnswer) return
      if (!request.write(chunk)) await drained(request)
    }
    request.end()
  } catch (error) {
    request.destroy(error instanceof Error ? error : new Error(String(error)))
  }
}

function drained(request: ClientRequest): Promise<void> {
  const names = ['drain', 'close', 'response']
  return new Promise((resolve) => {
    const done = () => {
      for (const name of names) request.off(name, done)
      resolve()
    }
    for (const name of names) request.on(name, done)
  })
}

/** Two clocks: one until the connection stands, then one that every byte sets back. */
function watchTime(request: ClientRequest, options: Exchange): void {
  const { url, connectTimeoutMs, idleTimeoutMs } = options
  const timer = setTimeout(() => {
    const what = `did not accept a connection within ${connectTimeoutMs / 1000} s`
    request.destroy(timeoutError(url, what))
  }, connectTimeoutMs)
  const stop = () => clearTimeout(timer)
  let response: IncomingMessage | undefined
  request.once('close', stop)
  request.once('response', (incoming) => {
    response = incoming
  })
  request.once('socket', (socket) => {
    if (!isConnecting(socket)) stop()
    else socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', stop)
    request.on('timeout', () => {
      // A reader that is slower than the server is no fault of the server: wind the clock up again.
      const isOurs = response !== undefined && (response.readableLength > 0 || response.isPaused())
      if (isOurs) socket.setTimeout(idleTimeoutMs)
      else
        (response ?? request).destroy(
          timeoutError(url, `sent nothing for ${idleTimeoutMs / 1000} s`),
        )
    })
  })
  request.setTimeout(idleTimeoutMs)
}

function isConnecting(socket: Socket): boolean {
  return socket.connecting || (socket as { secureConnecting?: boolean }).secureConnecting === true
}

function timeoutError(url: URL, what: string): ClientError {
  return new ClientError('timeout', `${url.host} ${what} (${redactUrl(url)}).`, {
    url,
    isTransient: true,
    hint: 'Check the network, or allow more time.',
  })
}
