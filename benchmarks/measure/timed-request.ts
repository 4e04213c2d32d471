/** One connection that asks and times: from the first byte sent to the last byte received. */
import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface TimedResponse {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  milliseconds: number
}

export interface TimedRequest {
  method?: string
  headers?: Record<string, string>
  body?: Uint8Array | AsyncIterable<Uint8Array>
  agent?: Agent
}

const oneConnection = new Agent({ keepAlive: true, maxSockets: 1 })

/** The whole response, whatever its status; the body as it came, still compressed. */
export function timedRequest(url: string, options: TimedRequest = {}): Promise<TimedResponse> {
  const { promise, resolve, reject } = Promise.withResolvers<TimedResponse>()
  const started = performance.now()
  const { method = 'GET', headers = {}, agent = oneConnection } = options
  const outgoing = request(url, { method, headers, agent }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      const milliseconds = performance.now() - started
      const body = Buffer.concat(chunks)
      resolve({ status: response.statusCode!, headers: response.headers, body, milliseconds })
    })
  })
  outgoing.on('error', reject)
  sendBody(outgoing, options.body).catch(reject)
  return promise
}

/** Like `timedRequest`, but another status than the expected one is an error that quotes the answer. */
export async function expectStatus(
  status: number,
  url: string,
  options: TimedRequest = {},
): Promise<TimedResponse> {
  const response = await timedRequest(url, options)
  if (response.status === status) return response
  const answer = response.body.subarray(0, 500).toString()
  throw new Error(`${url} answered ${response.status} where ${status} was expected: ${answer}`)
}

async function sendBody(outgoing: ReturnType<typeof request>, body: TimedRequest['body']) {
  if (body instanceof Uint8Array) return void outgoing.end(body)
  for await (const chunk of body ?? []) {
    if (!outgoing.write(chunk)) await new Promise((resolve) => outgoing.once('drain', resolve))
  }
  outgoing.end()
}
