/** What a surface answers, before it is known whether a socket or a test reads it. */
import type { ServerResponse } from 'node:http'
import { ReadableStream } from 'node:stream/web'
import type { StoredBlob } from '../storage/blob-store.ts'
import { releaseMemory, takeMemory } from './send-memory.ts'

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
  /** The same through memory that is filled again: a piece is good until the next one is asked for. */
  pieces?(memory: Uint8Array): AsyncIterable<Uint8Array>
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
  outgoing.writeHead(reply.status, completed(reply.headers, body))
  if (!isStream(body)) {
    outgoing.end(body)
    return
  }
  try {
    if (outgoing.req.method !== 'HEAD') await writeBody(outgoing, body)
    outgoing.end()
  } finally {
    await body.close()
  }
}

async function writeBody(outgoing: ServerResponse, body: ByteStream): Promise<void> {
  if (body.pieces === undefined) return writeChunks(outgoing, body)
  const memory = takeMemory()
  try {
    for await (const piece of body.pieces(memory)) {
      if (outgoing.destroyed) return
      await written(outgoing, piece)
    }
  } finally {
    releaseMemory(memory)
  }
}

/** When the kernel has it, or nobody will. */
function written(outgoing: ServerResponse, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.off('close', done)
      resolve()
    }
    outgoing.on('close', done)
    outgoing.write(piece, done)
  })
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
  const headers = completed(reply.headers, body)
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
      const size = blob.pieceSize ?? chunkSize
      for (let at = start; at < end; at += size) {
        yield await blob.read(at, Math.min(at + size, end))
      }
    },
    ...(blob.readInto && {
      pieces: (memory: Uint8Array) => piecesOf(blob, memory, { start, end }),
    }),
    close: async () => blob[Symbol.asyncDispose](),
  }
}

async function* piecesOf(
  blob: StoredBlob,
  memory: Uint8Array,
  { start, end }: { start: number; end: number },
): AsyncIterable<Uint8Array> {
  for (let at = start; at < end; ) {
    const room = memory.subarray(0, Math.min(memory.length, end - at))
    const filled = await blob.readInto!(room, at)
    if (filled === 0) throw new Error('A stored file ends before its time.')
    yield room.subarray(0, filled)
    at += filled
  }
}

const chunkSize = 256 * 1024

function isStream(body: Reply['body']): body is ByteStream {
  return typeof body === 'object' && 'chunks' in body
}

/** No browser shall take any answer for something else than its type says. */
const onEveryAnswer = { 'x-content-type-options': 'nosniff' }

function completed(headers: Reply['headers'], body: Reply['body']): Record<string, string> {
  const all = { ...headers, ...onEveryAnswer }
  if (body === undefined || isStream(body)) return all
  return { ...all, 'content-length': String(Buffer.byteLength(body)) }
}

async function* closing(body: ByteStream): AsyncIterable<Uint8Array> {
  try {
    yield* body.chunks()
  } finally {
    await body.close()
  }
}
