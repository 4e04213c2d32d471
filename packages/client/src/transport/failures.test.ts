import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { test } from 'node:test'
import { listen, serve } from '@cheeseshop/testing'
import { demo, failure, jsonPage, opened } from '../testing/opened.ts'

function indexAt(url: string, network: object = {}, limits: object = {}) {
  return opened({ indexes: [{ url: `${url}/simple/` }], network, limits })
}

test('a server in trouble is asked again, and each retry is told', async () => {
  await using server = await serve((_, response, count) => {
    if (count < 2) response.writeHead(503).end()
    else response.end(jsonPage())
  })
  using index = indexAt(server.url)
  const found = await index.client.project(demo)
  assert.equal(found?.detail.files.length, 1)
  assert.equal(server.requests.length, 3)
  const retries = index.events.filter((event) => event.type === 'retry')
  assert.deepEqual(
    retries.map(({ attempt }) => attempt),
    [1, 2],
  )
  assert.match(retries[0]!.reason, /in trouble: .* answered 503 Service Unavailable/)
})

test('a server that stays in trouble is told with its status', async () => {
  await using server = await serve((_, response) => void response.writeHead(502).end())
  using index = indexAt(server.url)
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'http-status')
  assert.match(error.message, /\/simple\/demo\/ answered 502 Bad Gateway/)
  assert.equal(server.requests.length, 3)
})

test('a refusal is not asked again', async () => {
  await using server = await serve((_, response) => void response.writeHead(418).end())
  using index = indexAt(server.url)
  assert.equal((await failure(index.client.project(demo))).code, 'http-status')
  assert.equal(server.requests.length, 1)
})

test('429 with a long Retry-After is told at once, with a short one it is waited for', async () => {
  await using server = await serve((request, response) => {
    const wait = request.url?.includes('long') ? '3600' : '1'
    response.writeHead(429, { 'retry-after': wait }).end()
  })
  using long = indexAt(`${server.url}/long`)
  const error = await failure(long.client.project(demo))
  assert.equal(error.retryAfterMs, 3_600_000)
  assert.match(error.hint ?? '', /limits how often/)
  assert.equal(server.requests.length, 1)
  using short = indexAt(server.url, { retries: 1 })
  const started = performance.now()
  await failure(short.client.project(demo))
  assert.ok(performance.now() - started >= 990)
  assert.equal(server.requests.length, 3)
})

test('a server that does not answer is given up', async () => {
  await using server = await serve(() => {})
  using index = indexAt(server.url, { idleTimeoutMs: 40, retries: 1 })
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'timeout')
  assert.match(error.message, /sent nothing for 0.04 s/)
  assert.equal(server.requests.length, 2)
})

test('a server that falls silent in the middle of a page is given up', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 1000 }).write('{')
  })
  using index = indexAt(server.url, { idleTimeoutMs: 40, retries: 0 })
  assert.equal((await failure(index.client.project(demo))).code, 'timeout')
})

test('a connection that is accepted but never secured is given up', async () => {
  await using server = await listen(
    createServer(() => {}),
    'https',
  )
  using index = indexAt(server.url, { connectTimeoutMs: 40, retries: 0 })
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'timeout')
  assert.match(error.message, /did not accept a connection within 0.04 s/)
})

test('a connection reset in the middle of a page is tried again', async () => {
  await using server = await serve((_, response, count) => {
    if (count > 0) response.end(jsonPage())
    else {
      response.writeHead(200, { 'content-length': 1000 }).write('{', () => {
        response.socket?.resetAndDestroy()
      })
    }
  })
  using index = indexAt(server.url)
  assert.equal((await index.client.project(demo))?.detail.files.length, 1)
  assert.equal(server.requests.length, 2)
})

test('a page that is shorter than announced is an error, not a shorter page', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 1000, connection: 'close' })
    response.write(jsonPage(), () => response.socket?.end())
  })
  using index = indexAt(server.url, { retries: 1 })
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'connection')
  assert.equal(server.requests.length, 2)
})

test('a kept connection that the server has closed meanwhile costs no retry', async () => {
  const asked = new Map<Socket | null, number>()
  await using server = await serve((request, response) => {
    const count = (asked.get(request.socket) ?? 0) + 1
    asked.set(request.socket, count)
    if (count > 1) request.socket.resetAndDestroy()
    else response.end(jsonPage())
  })
  using index = indexAt(server.url, { retries: 0 })
  await index.client.project(demo)
  await index.client.project('other' as typeof demo)
  assert.equal(server.requests.length, 3)
  assert.equal(index.events.filter(({ type }) => type === 'retry').length, 0)
})

test('what does not speak HTTP is named as such', async () => {
  await using server = await listen(
    createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.9\r\n')),
    'http',
  )
  using index = indexAt(server.url)
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'bad-body')
  assert.match(error.message, /does not speak HTTP/)
})

test('a port where nobody listens is told, with the host', async () => {
  await using server = await serve(() => {})
  const { url, port } = server
  await server[Symbol.asyncDispose]()
  using index = indexAt(url)
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'connection')
  assert.match(error.message, new RegExp(`127\\.0\\.0\\.1:${port} failed .*ECONNREFUSED`))
})

test('a host that does not exist is not asked for again', async () => {
  using index = indexAt('http://no-such-host.invalid')
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'connection')
  assert.match(error.message, /no-such-host\.invalid/)
})

test('cancelling ends what is under way', async () => {
  await using server = await serve(() => {})
  const controller = new AbortController()
  using index = opened({ indexes: [{ url: server.url }], signal: controller.signal })
  const project = failure(index.client.project(demo))
  setTimeout(() => controller.abort(), 20)
  assert.equal((await project).code, 'cancelled')
})

test('no more requests are under way than allowed', async () => {
  let underWay = 0
  let most = 0
  await using server = await serve(async (_, response) => {
    most = Math.max(most, ++underWay)
    await new Promise((resolve) => setTimeout(resolve, 5))
    underWay--
    response.writeHead(404).end()
  })
  using index = indexAt(server.url, { concurrency: { requests: 3 } })
  const names = Array.from({ length: 12 }, (_, at) => `demo-${at}` as typeof demo)
  await Promise.all(names.map((name) => index.client.project(name)))
  assert.equal(server.requests.length, 12)
  assert.equal(most, 3)
})

test('a proxy that is not there is blamed, and not the index', async () => {
  await using gone = await serve(() => {})
  const { port } = gone
  await gone[Symbol.asyncDispose]()
  for (const scheme of ['http', 'https']) {
    const proxies = { [scheme]: `http://127.0.0.1:${port}` }
    using index = indexAt(`${scheme}://index.example`, { proxies, retries: 0 })
    const error = await failure(index.client.project(demo))
    assert.equal(error.code, 'proxy')
    assert.match(
      error.message,
      new RegExp(`127\\.0\\.0\\.1:${port}, the proxy for index\\.example, failed`),
    )
    assert.equal(error.hint, 'Check the proxy settings, and that the proxy is up.')
  }
})
