import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Script, serve, serveTls, temporaryFolder, testCertificate } from '@cheeseshop/testing'
import { Credentials } from '../credentials/credentials.ts'
import { demo, failure, jsonPage, opened } from '../testing/opened.ts'
import { Transport } from './transport.ts'

const redirectTo =
  (location: string, status = 302): Script =>
  (_, response) =>
    void response.writeHead(status, { location }).end()

test('redirects are followed, and relative links count from where they end', async () => {
  await using server = await serve((request, response) => {
    if (request.url === '/simple/demo/') response.writeHead(301, { location: '/a' }).end()
    else if (request.url === '/a') response.writeHead(307, { location: '/b/c/' }).end()
    else response.end('<a href="../demo-1.0.tar.gz">x</a>')
  })
  using index = opened({ indexes: [{ url: `${server.url}/simple` }] })
  const found = await index.client.project(demo)
  assert.equal(found?.detail.files[0]?.url, `${server.url}/b/demo-1.0.tar.gz`)
  assert.equal(index.events.filter(({ type }) => type === 'redirect').length, 2)
})

test('a circle of redirects ends', async () => {
  await using server = await serve(redirectTo('/again'))
  using index = opened({ indexes: [{ url: server.url }] })
  const error = await failure(index.client.project(demo))
  assert.equal(error.code, 'redirect')
  assert.match(error.message, /more than 10 times/)
  assert.equal(server.requests.length, 11)
})

for (const location of ['file:///etc/passwd', 'ftp://x.example/', 'data:text/html,x', 'http://[']) {
  test(`a redirect to ${location} is refused`, async () => {
    await using server = await serve(redirectTo(location))
    using index = opened({ indexes: [{ url: server.url }] })
    assert.equal((await failure(index.client.project(demo))).code, 'redirect')
    assert.equal(server.requests.length, 1)
  })
}

test('credentials stay behind when a redirect leaves the host, its port included', async () => {
  await using other = await serve((_, response) => void response.end(jsonPage()))
  await using server = await serve(redirectTo(`${other.url}/x`))
  using index = opened({ indexes: [{ url: server.url, username: 'me', password: 'secret' }] })
  await index.client.project(demo)
  assert.ok(server.requests[0]!.headers.authorization)
  assert.equal(other.requests[0]!.headers.authorization, undefined)
})

test('an authorization given with a request stays on its host too', async () => {
  await using other = await serve((_, response) => void response.end())
  await using server = await serve(redirectTo(other.url))
  const transport = new Transport({
    network: {},
    credentials: new Credentials(),
    isOffline: false,
  })
  await transport.run(
    () => ({ url: server.url, authorization: 'Bearer secret' }),
    async () => {},
  )
  transport.close()
  assert.equal(server.requests[0]!.headers.authorization, 'Bearer secret')
  assert.equal(other.requests[0]!.headers.authorization, undefined)
})

test('userinfo in a redirect is not sent', async () => {
  await using other = await serve((_, response) => void response.end(jsonPage()))
  await using server = await serve(redirectTo(other.url.replace('//', '//user:planted@')))
  using index = opened({ indexes: [{ url: server.url }] })
  await index.client.project(demo)
  assert.equal(other.requests[0]!.headers.authorization, undefined)
})

test('from https to http is refused with credentials, and allowed without', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(folder.join('ca.pem'), testCertificate)
  const network = { certificates: { authoritiesFile: folder.join('ca.pem') } }
  await using plain = await serve((_, response) => void response.end(jsonPage()))
  await using server = await serveTls(redirectTo(plain.url))
  using known = opened({ indexes: [{ url: server.url, username: 'me', password: 'x' }], network })
  const error = await failure(known.client.project(demo))
  assert.equal(error.code, 'redirect')
  assert.match(error.message, /not encrypted/)
  assert.equal(plain.requests.length, 0)
  using unknown = opened({ indexes: [{ url: server.url }], network })
  assert.equal((await unknown.client.project(demo))?.detail.files.length, 1)
})
