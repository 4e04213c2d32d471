import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { test } from 'node:test'
import {
  listen,
  type Script,
  type Seen,
  serve,
  serveTls,
  temporaryFolder,
  testCertificate,
  testKey,
} from '@cheeseshop/testing'
import { demo, failure, jsonPage, opened } from '../testing/opened.ts'

const page: Script = (_, response) => void response.end(jsonPage())

test('a certificate that nobody vouches for is refused, and the hint says what helps', async () => {
  await using server = await serveTls(page)
  using index = opened({ indexes: [{ url: server.url }] })
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'tls')
  assert.match(error.hint ?? '', /private certificate/)
  assert.equal(server.requests.length, 0)
})

test('a certificate is believed by its authority', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(folder.join('ca.pem'), testCertificate)
  writeFileSync(folder.join('own.pem'), testCertificate + testKey)
  await using server = await serveTls(page)
  const certificates = {
    authoritiesFile: folder.join('ca.pem'),
    clientFile: folder.join('own.pem'),
    withSystemAuthorities: true,
  }
  using index = opened({ indexes: [{ url: server.url }], network: { certificates } })
  assert.equal((await index.client.project(demo))?.detail.files.length, 1)
})

test('the certificate of a trusted host is not looked at, and that of its neighbour is', async () => {
  await using server = await serveTls(page)
  const trusting = (host: string) =>
    opened({ indexes: [{ url: server.url }], network: { trustedHosts: [host] } })
  for (const host of ['127.0.0.1', `127.0.0.1:${server.port}`]) {
    using index = trusting(host)
    assert.equal((await index.client.project(demo))?.detail.files.length, 1)
  }
  for (const host of ['127.0.0.1:1', 'localhost', '27.0.0.1', '']) {
    using index = trusting(host)
    assert.equal((await failure(index.client.project(demo))).code, 'tls')
  }
})

test('a certificate file that is missing or is none is named', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(folder.join('ca.pem'), 'hello')
  for (const name of ['ca.pem', 'missing.pem']) {
    const certificates = { authoritiesFile: folder.join(name) }
    using index = opened({ indexes: [{ url: 'https://127.0.0.1:1/' }], network: { certificates } })
    const error = await failure(index.client.project(demo))
    assert.equal(error.code, 'tls')
    assert.ok(error.message.includes(name))
  }
})

/** A proxy for both kinds of requests. */
function serveProxy() {
  const requests: Seen[] = []
  const remember = ({
    method = '',
    url: path = '',
    headers,
  }: import('node:http').IncomingMessage) => requests.push({ method, path, headers })
  const proxy = createServer((request, response) => {
    remember(request)
    response.end(jsonPage())
  })
  proxy.on('connect', (request, socket) => {
    remember(request)
    if (request.headers['proxy-authorization'] === undefined) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
      return
    }
    const target = connect(Number(request.url?.split(':')[1]), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
  })
  return listen(proxy, 'http', requests)
}

test('http goes through the proxy as a whole URL, unless the host is excepted', async () => {
  await using proxy = await serveProxy()
  await using server = await serve(page)
  const http = proxy.url.replace('//', '//me:secret@')
  const indexes = [{ url: server.url }]
  using index = opened({ indexes, network: { proxies: { http } } })
  await index.client.project(demo)
  assert.deepEqual(proxy.paths(), [`GET ${server.url}/demo/`])
  assert.match(proxy.requests[0]!.headers['proxy-authorization'] ?? '', /^Basic /)
  using direct = opened({ indexes, network: { proxies: { http, except: '127.0.0.1' } } })
  await direct.client.project(demo)
  assert.deepEqual([proxy.requests.length, server.requests.length], [1, 1])
})

test('https goes through a tunnel of the proxy', async () => {
  await using proxy = await serveProxy()
  await using server = await serveTls(page)
  const network = {
    proxies: { https: proxy.url.replace('//', '//me:secret@') },
    trustedHosts: ['127.0.0.1'],
  }
  using index = opened({ indexes: [{ url: server.url }], network })
  assert.equal((await index.client.project(demo))?.detail.files.length, 1)
  assert.deepEqual(proxy.paths(), [`CONNECT 127.0.0.1:${server.port}`])
  assert.equal(server.requests[0]!.headers['proxy-authorization'], undefined)
})

test('a proxy that refuses is told as the proxy, without its password', async () => {
  await using proxy = await serveProxy()
  const network = { proxies: { https: proxy.url }, retries: 0 }
  using index = opened({ indexes: [{ url: 'https://index.example/' }], network })
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'proxy')
  assert.match(error.message, /did not connect to index\.example/)
})

test('a proxy of a kind that is not supported is refused, not ignored', async () => {
  const network = { proxies: { http: 'socks5://me:secret@127.0.0.1:9' } }
  using index = opened({ indexes: [{ url: 'http://127.0.0.1:9/' }], network })
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'proxy')
  assert.match(error.hint ?? '', /SOCKS/)
  assert.doesNotMatch(error.message + error.url, /secret/)
})
