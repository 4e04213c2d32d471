/** Takes in the whole body of an answer, decoded, and never more than was allowed. */
import type { IncomingMessage } from 'node:http'
import { ClientError } from '../client-error.ts'
import { redactUrl } from '../redact-url.ts'
import { connectionError } from './connection-error.ts'
import type { Limiter } from './limiter.ts'

/** What `readBody` can decode. */
export const acceptedEncodings = 'gzip, br, zstd'

/**
 * Bytes over the wire. Where only so many answers may be larger at once, the others wait on their connections: dozens of
 * them, each as large as it may be, would fill the memory of a process that asks in the name of strangers.
 */
const largeBody = 256 * 1024

export interface ReadBody {
  readonly bytes: Buffer
  /** Bytes over the wire. */
  readonly received: number
  /** To be called when nothing is left of it in memory. */
  readonly leave: () => void
}

/** Throws `too-large` above `limit` decoded bytes, `bad-body` for what cannot be decoded, `connection` when it breaks off. */
export async function readBody(
  body: IncomingMessage,
  url: URL,
  limit: number,
  large?: Limiter,
): Promise<ReadBody> {
  const turn = new Turn(large)
  try {
    const wire = await collect(body, { url, limit, turn })
    const encoding = (body.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
    const bytes = decode(wire, encoding, url, limit)
    return { bytes, received: wire.length, leave: () => turn.end() }
  } catch (error) {
    turn.end()
    throw error
  }
}

/** The place of one large answer, from the moment in which it turns out to be one. */
class Turn {
  readonly #large: Limiter | undefined
  #isAsked = false
  #isOver = false
  #leave: (() => void) | undefined

  constructor(large: Limiter | undefined) {
    this.#large = large
  }

  async await(body: IncomingMessage): Promise<void> {
    if (this.#large === undefined || this.#isAsked) return
    this.#isAsked = true
    body.pause()
    this.#leave = await this.#large.enter()
    if (this.#isOver) this.#leave()
    else body.resume()
  }

  end(): void {
    if (!this.#isOver) this.#leave?.()
    this.#isOver = true
  }
}

interface Collecting {
  readonly url: URL
  readonly limit: number
  readonly turn: Turn
}

function collect(body: IncomingMessage, { url, limit, turn }: Collecting): Promise<Buffer> {
  const announced = Number(body.headers['content-length'])
  if (announced > limit) {
    body.destroy()
    return Promise.reject(tooLarge(url, limit))
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    body.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > limit) body.destroy(tooLarge(url, limit))
      else if (length > largeBody) void turn.await(body)
    })
    body.once('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    body.once('error', (error) => reject(brokenBody(error, url, length)))
    body.once('close', () => {
      if (!body.readableEnded) reject(brokenBody(undefined, url, length))
    })
  })
}

/** The error for a body that ended before its time. */
export function brokenBody(error: Error | undefined, url: URL, received: number): ClientError {
  if (error instanceof ClientError) return error
  const ended = new Error(`the connection closed after ${received} bytes of the body`)
  const isAbort = error?.name === 'AbortError'
  return connectionError(isAbort ? error : Object.assign(ended, { code: 'ECONNRESET' }), url)
}

function tooLarge(url: URL, limit: number): ClientError {
  const message = `The answer of ${redactUrl(url)} has more than the ${limit} bytes allowed.`
  return new ClientError('too-large', message, {
    url,
    hint: 'Check that the URL is that of a simple index (it usually ends in /simple/).',
  })
}

/** What the last bytes of a gzip file tell, and one more: it comes out at once, and not in pieces to be joined. */
function sizeOf(gzip: Buffer, limit: number): number {
  const told = gzip.length < 4 ? 0 : gzip.readUInt32LE(gzip.length - 4)
  return Math.max(Math.min(told, limit, gzip.length * mostDeflated), 16 * 1024) + 1
}

/** No byte of a gzip file becomes more. */
const mostDeflated = 1032

function decode(wire: Buffer, encoding: string, url: URL, limit: number): Buffer {
  if (encoding === 'identity' || encoding === '' || wire.length === 0) return wire
  const zlib = process.getBuiltinModule('node:zlib')
  const options = { maxOutputLength: limit }
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') {
      return zlib.gunzipSync(wire, { ...options, chunkSize: sizeOf(wire, limit) })
    }
    if (encoding === 'br') return zlib.brotliDecompressSync(wire, options)
    if (encoding === 'zstd') return zlib.zstdDecompressSync(wire, options)
    if (encoding === 'deflate') return zlib.inflateSync(wire, options)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(url, limit)
    const message = `The answer of ${redactUrl(url)} is not the ${encoding} data it claims to be.`
    throw new ClientError('bad-body', message, { url, cause, isTransient: true })
  }
  const message = `The answer of ${redactUrl(url)} is encoded as ${JSON.stringify(encoding.slice(0, 40))}, which was not asked for.`
  throw new ClientError('bad-body', message, { url })
}
