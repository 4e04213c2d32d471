import assert from 'node:assert/strict'
import dns from 'node:dns'
import { test } from 'node:test'
import { type ScriptedServer, serve } from '@cheeseshop/testing'
import { demo, failure, fileAt, jsonPage, opened } from '../testing/opened.ts'
import { guardedLookup, isClosedAddress } from './guarded-addresses.ts'

/** The host of the index is allowed, and nothing else. */
function guarded(server: ScriptedServer, path = '/simple/') {
  const network = { insideHosts: [`127.0.0.1:${server.port}`], retries: 0 }
  return opened({ indexes: [{ url: server.url + path }], network })
}

test('addresses that only insiders reach are closed, in each of their forms', () => {
  const inside = [
    ...['127.0.0.1', '127.9.9.9', '0.0.0.0', '10.1.2.3', '172.31.0.1', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '224.0.0.1', '255.255.255.255', '192.0.0.8'],
    ...['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:a9fe:a9fe', '::ffff:10.0.0.1'],
    ...['64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '2002:7f00:1::', '2001::1'],
    ...['::ffff:0:127.0.0.1', '64:ff9b::1', '192.88.99.1', '3fff::1', '5f00::1'],
    ...['fe80::1', 'fe80::1%eth0', 'fec0::1', 'fc00::1', 'fd12:3456::1', 'ff02::1', 'nonsense'],
  ]
  const outside = ['1.1.1.1', '172.32.0.1', '192.169.0.1', '100.128.0.1', '11.0.0.1']
  const outside6 = ['2606:4700::1', '::ffff:1.1.1.1', '64:ff9b::101:101', '2a00::1', 'fbff::1']
  assert.deepEqual(
    inside.filter((address) => !isClosedAddress(address)),
    [],
  )
  assert.deepEqual([...outside, ...outside6].filter(isClosedAddress), [])
})

test('server-side request forgery: addresses in any spelling are refused before a connection', async () => {
  await using server = await serve((_, response) => response.end(jsonPage()))
  using open = guarded(server)
  const hosts = [
    ...['127.0.0.1:1', '2130706433', '0x7f.1', '0177.0.0.1', '127.1', '①②⑦.⓪.⓪.①', '0'],
    ...['[::1]', '[::ffff:127.0.0.1]', '[0:0:0:0:0:ffff:7f00:1]', '[::]', '[fd00:ec2::254]'],
    ...['localhost', 'LOCALHOST.', 'a.localhost', '169.254.169.254', '2852039166'],
    // Userinfo that looks like the allowed host.
    `127.0.0.1:${server.port}@169.254.169.254`,
  ]
  for (const host of hosts) {
    const error = await failure(open.client.download(fileAt(`http://${host}/f-1.0.tar.gz`), sink))
    assert.equal(error.code, 'closed-address', host)
  }
  assert.deepEqual(server.requests, [])
})

test('redirect to the metadata address: not followed', async () => {
  const to = 'http://169.254.169.254/latest/meta-data/'
  await using server = await serve((_, response) => {
    response.writeHead(302, { location: to }).end()
  })
  using open = guarded(server)
  const error = await failure(open.client.project(demo))
  assert.equal(error.code, 'closed-address')
  assert.match(error.message, /^169\.254\.169\.254 is an address inside this network/)
})

test('redirect to another port of the allowed host: not followed', async () => {
  await using other = await serve((_, response) => response.end(jsonPage()))
  await using server = await serve((_, response) => {
    response.writeHead(307, { location: `${other.url}/simple/demo/` }).end()
  })
  using open = guarded(server)
  assert.equal((await failure(open.client.project(demo))).code, 'closed-address')
  assert.deepEqual(other.requests, [])
})

test('DNS rebinding: a name is judged by the very addresses the connection takes', async (t) => {
  let answers = [{ address: '127.0.0.1', family: 4 }]
  const lookup = (_: string, __: object, callback: (error: null, found: typeof answers) => void) =>
    callback(null, answers)
  t.mock.method(dns, 'lookup', lookup)
  await using server = await serve((_, response) => response.end(jsonPage()))
  using open = opened({ network: { insideHosts: ['127.0.0.1:1'], retries: 0 } })
  const file = fileAt(`http://rebound.example:${server.port}/f-1.0.tar.gz`)
  assert.equal((await failure(open.client.download(file, sink))).code, 'closed-address')
  assert.deepEqual(server.requests, [])
  answers = [...answers, { address: '1.1.1.1', family: 4 }]
  const resolve = (all: boolean) =>
    new Promise((done) => guardedLookup([])('x.example', { all }, (_, found) => done(found)))
  assert.deepEqual(await resolve(true), [{ address: '1.1.1.1', family: 4 }])
  assert.equal(await resolve(false), '1.1.1.1')
})

test('public names that lead to the machine of the allowed host are reached, at its port only', async (t) => {
  const lookup = (_: string, __: object, callback: (error: null, found: object[]) => void) =>
    callback(null, [{ address: '127.0.0.1', family: 4 }])
  t.mock.method(dns, 'lookup', lookup)
  await using server = await serve((_, response) => response.end('content'))
  await using other = await serve((_, response) => response.end('content'))
  const network = { insideHosts: [`index.example:${server.port}`], retries: 0 }
  using open = opened({ network })
  const fileOf = ({ port }: ScriptedServer) => fileAt(`http://files.example:${port}/f-1.0.tar.gz`)
  assert.equal((await open.client.download(fileOf(server), sink)).size, 7)
  assert.equal((await failure(open.client.download(fileOf(other), sink))).code, 'closed-address')
  assert.deepEqual(other.requests, [])
})

test('a proxy of the operator may be inside; what is reached without it is looked at as ever', async (t) => {
  const lookup = (_: string, __: object, callback: (error: null, found: object[]) => void) =>
    callback(null, [{ address: '127.0.0.1', family: 4 }])
  t.mock.method(dns, 'lookup', lookup)
  await using proxy = await serve((_, response) => response.end('content'))
  const proxies = { http: `http://proxy.example:${proxy.port}`, except: 'direct.example' }
  using open = opened({ network: { insideHosts: ['index.example:1'], proxies, retries: 0 } })
  const fetch = (host: string) =>
    open.client.download(fileAt(`http://${host}:${proxy.port}/f-1.0.tar.gz`), sink)
  assert.equal((await fetch('files.example')).size, 7)
  for (const host of ['169.254.169.254', 'direct.example']) {
    assert.equal((await failure(fetch(host))).code, 'closed-address', host)
  }
  assert.equal(proxy.requests.length, 1)
})

test('the allowed host is reached, and without a guard every host is', async () => {
  await using server = await serve((_, response) => response.end(jsonPage()))
  using open = guarded(server)
  assert.equal((await open.client.project(demo))?.detail.files.length, 1)
  using free = opened({ indexes: [{ url: `${server.url}/simple/` }] })
  assert.equal((await free.client.project(demo))?.detail.files.length, 1)
})

const sink = { write: () => {}, restart: () => {} }
