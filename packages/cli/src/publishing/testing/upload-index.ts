/** An index that takes uploads, for tests: remembers what came, and answers as it is told. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'

export interface ReceivedUpload {
  readonly authorization: string | undefined
  readonly fields: ReadonlyMap<string, readonly string[]>
  readonly filename: string
  readonly bytes: Buffer
}

export interface UploadAnswer {
  readonly status: number
  readonly body: string
  /** What happens on the index before it answers. */
  readonly before?: () => void
}

export interface UploadIndex extends AsyncDisposable {
  readonly url: string
  readonly uploads: ReceivedUpload[]
  /** `METHOD path` of every request. */
  readonly requests: string[]
  /** Answers to uploads, in order; 200 when they run out. */
  readonly answers: UploadAnswer[]
  /** JSON answers to other requests, by path. */
  readonly pages: Map<string, unknown>
}

export async function uploadIndex(): Promise<UploadIndex> {
  const index: Memory = { uploads: [], requests: [], answers: [], pages: new Map() }
  const server = createServer((request, response) => void answer(index, request, response))
  server.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return {
    ...index,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
    },
  }
}

type Memory = Pick<UploadIndex, 'uploads' | 'requests' | 'answers' | 'pages'>

async function answer(index: Memory, request: IncomingMessage, response: ServerResponse) {
  const { method, url = '/', headers } = request
  index.requests.push(`${method} ${url}`)
  if (method === 'POST' && headers['content-type']?.startsWith('multipart/')) {
    index.uploads.push(await readUpload(request))
    const next: UploadAnswer = index.answers.shift() ?? { status: 200, body: 'OK' }
    const { status, body, before } = next
    before?.()
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body)
    return
  }
  await text(request)
  const page = index.pages.get(url)
  const type = url.startsWith('/simple/')
    ? 'application/vnd.pypi.simple.v1+json'
    : 'application/json'
  response.writeHead(page === undefined ? 404 : 200, { 'content-type': type })
  response.end(page === undefined ? '' : JSON.stringify(page))
}

async function readUpload(request: IncomingMessage): Promise<ReceivedUpload> {
  const headers = { 'content-type': request.headers['content-type']! }
  const form = await new Response(Readable.toWeb(request) as ReadableStream, { headers }).formData()
  const fields = new Map<string, string[]>()
  for (const [name, value] of form) {
    if (typeof value === 'string') fields.set(name, [...(fields.get(name) ?? []), value])
  }
  const file = form.get('content') as File
  return {
    authorization: request.headers.authorization,
    fields,
    filename: file.name,
    bytes: Buffer.from(await file.arrayBuffer()),
  }
}
