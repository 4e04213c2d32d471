/** What a surface answers, before it is known whether a socket or a test reads it. */
import type { ServerResponse } from 'node:http'
import { ReadableStream } from 'node:stream/web'
import type { StoredBlob } from '../storage/blob-store.ts'

export interface Reply {
  status: number
  headers: Readonly<Record<string, string>>
  /** A stream comes with its own `content-length`. */
  body?: string | Uint8Array | ByteStream
  /** The reason phrase; old upload clients show nothing else. */
  reason?: string
}

/** Bytes that are read while they are sent. */
export interface ByteStream {
  chunks(): AsyncIterable<Uint8Array>
  /** Called once by whoever sends or drops it. */
  close(): Promise<void>
}

export function textReply(status: number, body: string, headers: Reply['headers'] = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}

export function jsonReply(body: unknown, status = 200, headers: Reply['headers'] = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
}

/** Locations are relative wherever possible, so that the index works below any path of a proxy. */
export function redirectReply(status: 301 | 302 | 308, location: string): Reply {
  return { status, headers: { location, 'cache-control': 'no-cache' } }
}

/** Writes straight to the socket, waiting whenever the client is slower than the disk. */
export async function sendReply(outgoing: ServerResponse, reply: Reply): Promise<void> {
  if (reply.reason !== undefined) outgoing.statusMessage = reply.reason
  const { body } = reply
  outgoing.writeHead(reply.status, withLength(reply.headers, body))
  if (!isStream(body)) {
    outgoing.end(body)
    return
  }
  try {
    if (outgoing.req.method !== 'HEAD') await writeChunks(outgoing, body)
    outgoing.end()
  } finally {
    await body.close()
  }
}

async function writeChunks(outgoing: ServerResponse, body: ByteStream): Promise<void> {
  for await (const chunk of body.chunks()) {
    if (outgoing.destroyed) return
    if (!outgoing.write(chunk)) await drained(outgoing)
  }
}

/** Also when the client is gone, for then nothing drains any more. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done)
      outgoing.off('close', done)
      resolve()
    }
    outgoing.on('drain', done)
    outgoing.on('close', done)
  })
}

export async function replyToResponse(reply: Reply, method: string): Promise<Response> {
  const { body } = reply
  const headers = withLength(reply.headers, body)
  const init = { status: reply.status, statusText: reply.reason ?? '', headers }
  if (method === 'HEAD' || body === undefined) {
    if (isStream(body)) await body.close()
    return new Response(null, init)
  }
  if (!isStream(body)) return new Response(body as BodyInit, init)
  return new Response(ReadableStream.from(closing(body)) as BodyInit, init)
}

/** The bytes of a stored blob from `start` to before `end`. */
export function blobStream(blob: StoredBlob, start: number, end: number): ByteStream {
  return {
    async *chunks() {
      for (let at = start; at < end; at += chunkSize) {
        yield await blob.read(at, Math.min(at + chunkSize, end))
      }
    },
    close: async () => blob[Symbol.asyncDispose](),
  }
}

const chunkSize = 256 * 1024

function isStream(body: Reply['body']): body is ByteStream {
  return typeof body === 'object' && 'chunks' in body
}

function withLength(headers: Reply['headers'], body: Reply['body']): Record<string, string> {
  if (body === undefined || isStream(body)) return { ...headers }
  return { ...headers, 'content-length': String(Buffer.byteLength(body)) }
}

async function* closing(body: ByteStream): AsyncIterable<Uint8Array> {
  try {
    yield* body.chunks()
  } finally {
    await body.close()
  }
}
