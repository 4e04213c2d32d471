/** A door in front of a server that writes down every request and passes it on unchanged. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'

export type RecordedRequest = {
  method: string
  /** Path and query. */
  path: string
  headers: IncomingMessage['headers']
  status: number
  contentType: string
}

export type Recorder = AsyncDisposable & {
  url: string
  simpleUrl: string
  requests: RecordedRequest[]
}

/** The Host header is passed on as it came, so that absolute links lead through the door again. */
export async function recordRequests(target: string): Promise<Recorder> {
  const requests: RecordedRequest[] = []
  const server = createServer((incoming, outgoing) => {
    forward(target, incoming, outgoing, requests).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return {
    url,
    simpleUrl: `${url}simple/`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

async function forward(
  target: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  requests: RecordedRequest[],
): Promise<void> {
  const { method = 'GET', url: path = '/', headers } = incoming
  const passed = request(new URL(path, target), { method, headers, setHost: false })
  const answered = once(passed, 'response') as Promise<[IncomingMessage]>
  const [[response]] = await Promise.all([answered, pipeline(incoming, passed)])
  const status = response.statusCode ?? 0
  requests.push({
    method,
    path,
    headers,
    status,
    contentType: response.headers['content-type'] ?? '',
  })
  outgoing.writeHead(status, response.statusMessage, response.rawHeaders)
  await pipeline(response, outgoing)
}
