/** The body of a request: from the socket itself where there is one, so that an early answer does not cut the connection. */
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { HttpError } from './http-error.ts'
import type { Call } from './surface.ts'

export function bodyOf(call: Call): Readable {
  if (call.env.incoming) return call.env.incoming
  const { body } = call.req.raw
  return body === null ? Readable.from([]) : Readable.fromWeb(body as ReadableStream)
}

/**
 * RFC 9110, 10.1.1: a client that waits to be told that its body is wanted is told so. Nobody else gets an interim
 * answer; undici breaks on one.
 */
export function invite(call: Call): void {
  if (/^100-continue$/i.test(call.req.header('expect') ?? '')) call.env.outgoing?.writeContinue()
}

export interface BodyLimits {
  bytes: number
  /** Milliseconds for all of it. */
  patience: number
}

/** Reads a body into memory. Throws `HttpError` when it is too large, too slow or cut off. */
export async function readSmallBody(call: Call, limits: BodyLimits): Promise<Buffer> {
  const body = bodyOf(call)
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  const chunks: Buffer[] = []
  let size = 0
  const listeners = {
    data(chunk: Buffer) {
      size += chunk.length
      if (size <= limits.bytes) chunks.push(chunk)
      else reject(tooLarge(limits.bytes))
    },
    end: () => resolve(Buffer.concat(chunks)),
    error: () =>
      reject(new HttpError(400, 'body-cut-off', 'The connection ended before the body.')),
  }
  const timer = setTimeout(() => {
    reject(new HttpError(408, 'body-too-slow', 'The body took too long to arrive.'))
  }, limits.patience)
  for (const [event, listener] of Object.entries(listeners)) body.on(event, listener)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    for (const [event, listener] of Object.entries(listeners)) body.off(event, listener)
  }
}

function tooLarge(bytes: number): HttpError {
  return new HttpError(413, 'body-too-large', `The body is larger than ${bytes} bytes.`)
}
