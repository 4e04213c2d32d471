import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Script, serve, temporaryFolder } from '@cheeseshop/testing'
import type { CredentialOptions } from '../client-options.ts'
import { demo, failure, fileAt, jsonPage, opened } from '../testing/opened.ts'

const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`

/** Answers whoever shows these credentials. */
const guarded =
  (...allowed: string[]): Script =>
  (request, response) => {
    const isKnown = allowed.some((text) => request.headers.authorization === basic(text))
    if (isKnown) response.end(jsonPage())
    else response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
  }

const withUser = (url: string, user: string) => url.replace('//', `//${user}@`)

test('userinfo of the URL is decoded and sent, and shown nowhere', async () => {
  await using server = await serve(guarded('me:p@ss/wörd'))
  const url = withUser(`${server.url}/simple`, 'me:p%40ss%2Fw%C3%B6rd')
  using index = opened({ indexes: [{ url }] })
  const found = await index.client.project(demo)
  assert.equal(found?.index.url, `${server.url}/simple/`)
  assert.equal(found.detail.files[0]?.url, `${server.url}/files/demo-1.0.tar.gz`)
  assert.doesNotMatch(JSON.stringify([found, index.events]), /p%40ss|p@ss|me:/)
})

test('two indexes on one host have credentials of their own', async () => {
  await using server = await serve((request, response) => {
    const expected = request.url?.startsWith('/a/') ? basic('a:1') : basic('b:2')
    const isRight = request.headers.authorization === expected
    response.writeHead(isRight ? 404 : 401).end()
  })
  const indexes = [
    { url: withUser(`${server.url}/a/simple`, 'a:1') },
    { url: `${server.url}/b/simple`, username: 'b', password: '2' },
  ]
  using index = opened({ indexes })
  assert.equal(await index.client.project(demo), undefined)
  assert.equal(server.requests.length, 2)
})

test('files on the host of the index get its credentials, files elsewhere none', async () => {
  await using other = await serve((_, response) => void response.end('x'))
  await using server = await serve(guarded('me:secret'))
  using index = opened({ indexes: [{ url: withUser(server.url, 'me:secret') }] })
  const sink = { write() {}, restart() {} }
  await index.client.download(fileAt(`${server.url}/files/demo-1.0.tar.gz`), sink)
  await index.client.download(fileAt(`${other.url}/files/demo-1.0.tar.gz`), sink)
  await index.client
    .download(fileAt(`${server.url.replace('127.0.0.1', 'localhost')}/x`), sink)
    .then(
      () => assert.fail('another name is another host'),
      (error) => assert.equal(error.code, 'unauthorized'),
    )
  assert.equal(other.requests[0]!.headers.authorization, undefined)
})

test('planted credentials: userinfo in a link of one index is not sent to another that it leads to', async () => {
  await using good = await serve(guarded('me:secret'))
  const planted = withUser(`${good.url}/simple/other/`, 'them:planted')
  await using evil = await serve((_, response) => {
    response.end(`<a href="${planted}demo-1.0.tar.gz">x</a>`)
  })
  const indexes = [{ url: evil.url }, { url: withUser(`${good.url}/simple/`, 'me:secret') }]
  using index = opened({ indexes, strategy: 'best-match' })
  const link = (await index.client.project(demo))!.detail.files[0]!
  const sink = { write() {}, restart() {} }
  assert.equal((await failure(index.client.download(link, sink))).code, 'unauthorized')
  assert.equal((await index.client.project('other' as typeof demo))?.detail.files.length, 1)
})

for (const [status, code, hint] of [
  [401, 'unauthorized', /Give credentials for 127\.0\.0\.1/],
  [403, 'forbidden', /do not allow this/],
] as const) {
  test(`${status} is told as ${code}, without the password`, async () => {
    await using server = await serve((_, response) => void response.writeHead(status).end())
    using index = opened({ indexes: [{ url: withUser(server.url, 'me:secret') }] })
    const error = await failure(index.client.project(demo))
    assert.equal(error.code, code)
    assert.match(error.hint ?? '', hint)
    assert.doesNotMatch(`${error.message} ${error.url} ${error.hint}`, /secret/)
    assert.equal(server.requests.length, 1)
  })
}

async function withOptions(allowed: string[], makeOptions: CredentialOptions, user = '') {
  await using server = await serve(guarded(...allowed))
  const url = user === '' ? server.url : withUser(server.url, user)
  using index = opened({ indexes: [{ url }], credentials: makeOptions })
  const names = ['demo', 'one', 'two', 'three'] as (typeof demo)[]
  await Promise.all(names.map((name) => index.client.project(name)))
  return server.requests.length
}

test('netrc knows the host, and the user if one is given', async () => {
  await using folder = await temporaryFolder()
  const netrcFiles = [folder.join('missing'), folder.join('netrc')]
  writeFileSync(folder.join('netrc'), 'machine 127.0.0.1 login me password secret')
  assert.equal(await withOptions(['me:secret'], { netrcFiles }), 4)
  assert.equal(await withOptions(['me:secret'], { netrcFiles }, 'me'), 4)
  // Another user keeps its own, and a password in the URL wins.
  assert.equal(await withOptions(['other:'], { netrcFiles }, 'other'), 4)
  assert.equal(await withOptions(['me:own'], { netrcFiles }, 'me:own'), 4)
})

/** A keyring of three lines that writes down what it is asked. */
async function keyring(folder: { join(name: string): string }, answers: Record<string, string>) {
  const program = folder.join('keyring.cjs')
  const log = folder.join('log')
  writeFileSync(
    program,
    `const words = process.argv.slice(2).join(' ')
require('node:fs').appendFileSync(${JSON.stringify(log)}, words + '\\n')
const answer = ${JSON.stringify(answers)}[words]
if (answer === undefined) process.exit(1)
console.log(answer)`,
  )
  return { keyring: 'subprocess', keyringCommand: [process.execPath, program] } as const
}

test('the keyring is asked once after a 401, by URL and then by host', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(guarded('me:kept'))
  const host = new URL(server.url).host
  const credentials = await keyring(folder, { [`get ${host} me`]: 'kept' })
  using index = opened({ indexes: [{ url: withUser(`${server.url}/simple`, 'me') }], credentials })
  const names = ['demo', 'one', 'two'] as (typeof demo)[]
  const found = await Promise.all(names.map((name) => index.client.project(name)))
  assert.ok(found.every((project) => project?.detail.files.length === 1))
  const { readFileSync } = await import('node:fs')
  assert.deepEqual(readFileSync(folder.join('log'), 'utf8').trim().split('\n'), [
    `get ${server.url}/simple me`,
    `get ${host} me`,
  ])
})

test('the keyring is not asked in words that it would take for options', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(guarded('me:kept'))
  const credentials = await keyring(folder, {})
  using index = opened({ indexes: [{ url: withUser(server.url, '--list-backends') }], credentials })
  await assert.rejects(index.client.project(demo), { code: 'unauthorized' })
  const { existsSync } = await import('node:fs')
  assert.equal(existsSync(folder.join('log')), false)
})

test('a request refused before the keyring answered is made again with what it said', async () => {
  await using folder = await temporaryFolder()
  let release = () => {}
  const isKnown = new Promise<void>((resolve) => {
    release = resolve
  })
  await using server = await serve(async (request, response) => {
    const knows = request.headers.authorization === basic('me:kept')
    if (knows) release()
    if (request.url === '/slow/') await isKnown
    if (knows) response.end(jsonPage())
    else response.writeHead(401).end()
  })
  const credentials = await keyring(folder, { [`get ${server.url}/ me`]: 'kept' })
  using index = opened({ indexes: [{ url: withUser(server.url, 'me') }], credentials })
  const names = ['slow', 'demo'] as (typeof demo)[]
  const found = await Promise.all(names.map((name) => index.client.project(name)))
  assert.ok(found.every((project) => project?.detail.files.length === 1))
})

test('a keyring that also keeps users is asked for both', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(guarded('kept-user:kept'))
  const service = `${server.url}/simple/`
  const answer = '{"username":"kept-user","password":"kept"}'
  const credentials = await keyring(folder, {
    [`--mode=creds --output=json get ${service}`]: answer,
  })
  using index = opened({ indexes: [{ url: service }], credentials })
  assert.equal((await index.client.project(demo))?.detail.files.length, 1)
})

test('a keyring that knows nothing, or is not there, leaves the 401', async () => {
  await using folder = await temporaryFolder()
  const known = await keyring(folder, {})
  for (const credentials of [known, { ...known, keyringCommand: [folder.join('missing')] }]) {
    await using server = await serve(guarded('me:kept'))
    using index = opened({ indexes: [{ url: server.url }], credentials })
    assert.equal((await failure(index.client.project(demo))).code, 'unauthorized')
    assert.equal(server.requests.length, 1)
  }
})
