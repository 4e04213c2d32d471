/** A server on a free port that does what a test tells it, and remembers what it was asked. */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { testCertificate, testKey } from './certificate.ts'

export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

export interface ScriptedServer extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly url: string
  readonly port: number
  readonly requests: Seen[]
  /** `METHOD path` of every request. */
  paths(): string[]
}

export type Script = (
  request: IncomingMessage,
  response: ServerResponse,
  /** How many requests came before, from 0. */
  count: number,
) => void

export function serve(script: Script): Promise<ScriptedServer> {
  const { requests, listener } = recorder(script)
  return listen(createServer(listener), 'http', requests)
}

export function serveTls(script: Script): Promise<ScriptedServer> {
  const { requests, listener } = recorder(script)
  const server = createTlsServer({ key: testKey, cert: testCertificate }, listener)
  return listen(server, 'https', requests)
}

/** Answers by path; everything else is 404. A string is a page of HTML, or of JSON if it looks like that. */
export function serveFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<ScriptedServer> {
  return serve((request, response) => sendFile(files, request, response))
}

export function sendFile(
  files: Readonly<Record<string, string | Uint8Array>>,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const content = files[new URL(request.url ?? '', 'http://localhost').pathname]
  if (content === undefined) {
    response.writeHead(404).end()
    return
  }
  const bytes = Buffer.from(content as string)
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '')
  const type = typeof content !== 'string' ? 'application/octet-stream' : 'text/html'
  if (range === null) {
    response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes)
    return
  }
  const [, first = '', last = ''] = range
  const start = first === '' ? Math.max(0, bytes.length - Number(last)) : Number(first)
  const end = first === '' || last === '' ? bytes.length : Number(last) + 1
  const part = bytes.subarray(start, end)
  response
    .writeHead(206, {
      'content-range': `bytes ${start}-${start + part.length - 1}/${bytes.length}`,
      'content-length': part.length,
    })
    .end(part)
}

export async function listen(
  server: Server,
  scheme: string,
  requests: Seen[] = [],
): Promise<ScriptedServer> {
  const sockets = new Set<{ destroy(): void }>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    requests,
    paths: () => requests.map(({ method, path }) => `${method} ${path}`),
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function recorder(script: Script): { requests: Seen[]; listener: RequestListener } {
  const requests: Seen[] = []
  return {
    requests,
    listener(request, response) {
      const { method = '', url: path = '', headers } = request
      requests.push({ method, path, headers })
      script(request, response, requests.length - 1)
    },
  }
}
