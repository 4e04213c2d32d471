import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Script, serve, temporaryFolder } from '@cheeseshop/testing'
import type { ClientOptions } from '../client-options.ts'
import { demo, failure, jsonPage, opened } from '../testing/opened.ts'

/** What a new client finds, with the outcome of its look into the cache. */
async function ask(url: string, folder: string, more: Partial<ClientOptions> = {}) {
  using index = opened({ indexes: [{ url }], cache: { folder }, ...more })
  const found = await index.client.project(demo)
  const outcomes = index.events.flatMap((event) => (event.type === 'cache' ? [event.outcome] : []))
  return { files: found?.detail.files.map(({ filename }) => filename), outcome: outcomes[0] }
}

/** A page whose only file has the number of the answer as its version. */
const counting =
  (headers: Record<string, string>): Script =>
  (_, response, count) =>
    void response.writeHead(200, headers).end(jsonPage([`demo-${count}.tar.gz`]))

function entriesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
}

test('a fresh page costs no request, and a refresh asks for it nevertheless', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(counting({ 'cache-control': 'max-age=600' }))
  const { url } = server
  assert.deepEqual(await ask(url, folder.path), { files: ['demo-0.tar.gz'], outcome: undefined })
  assert.deepEqual(await ask(url, folder.path), { files: ['demo-0.tar.gz'], outcome: 'fresh' })
  assert.equal(server.requests.length, 1)
  const others = { cache: { folder: folder.path, refresh: new Set(['other' as typeof demo]) } }
  assert.equal((await ask(url, folder.path, others)).outcome, 'fresh')
  const all = { cache: { folder: folder.path, refresh: 'all' } } as const
  assert.deepEqual((await ask(url, folder.path, all)).files, ['demo-1.tar.gz'])
  const these = { cache: { folder: folder.path, refresh: new Set([demo]) } }
  assert.deepEqual((await ask(url, folder.path, these)).files, ['demo-2.tar.gz'])
  assert.equal(server.requests.at(-1)?.headers['cache-control'], 'no-cache')
})

test('a page that is not fresh is confirmed by its ETag and date, and then fresh again', async () => {
  await using folder = await temporaryFolder()
  const lastModified = 'Fri, 01 May 2026 00:00:00 GMT'
  await using server = await serve((request, response, count) => {
    if (request.headers['if-none-match'] === '"one"') {
      response.writeHead(304, { 'cache-control': 'max-age=600' }).end()
    } else void counting({ etag: '"one"', 'last-modified': lastModified })(request, response, count)
  })
  await ask(server.url, folder.path)
  const second = await ask(server.url, folder.path)
  assert.deepEqual(second, { files: ['demo-0.tar.gz'], outcome: 'revalidated' })
  assert.equal(server.requests[1]!.headers['if-modified-since'], lastModified)
  assert.equal((await ask(server.url, folder.path)).outcome, 'fresh')
  assert.equal(server.requests.length, 2)
})

test('a page confirmed without a word about its time keeps the time it had', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve((request, response, count) => {
    if (request.headers['if-none-match'] !== undefined) response.writeHead(304).end()
    else counting({ etag: '"one"', 'cache-control': 'max-age=600' })(request, response, count)
  })
  const refresh = { cache: { folder: folder.path, refresh: 'all' } } as const
  await ask(server.url, folder.path)
  assert.equal((await ask(server.url, folder.path, refresh)).outcome, 'revalidated')
  assert.equal((await ask(server.url, folder.path)).outcome, 'fresh')
})

test('a page that cannot be read is not kept', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve((_, response) => {
    response.writeHead(200, { 'cache-control': 'max-age=600' }).end('Sign in to the network!')
  })
  assert.equal((await failure(ask(server.url, folder.path))).code, 'bad-page')
  assert.deepEqual(entriesOf(folder.path), [])
})

test('a page grows old', async (t) => {
  await using folder = await temporaryFolder()
  await using server = await serve(counting({ 'cache-control': 'max-age=600' }))
  await ask(server.url, folder.path)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 599_000 })
  assert.equal((await ask(server.url, folder.path)).outcome, 'fresh')
  t.mock.timers.tick(2000)
  assert.deepEqual((await ask(server.url, folder.path)).files, ['demo-1.tar.gz'])
})

test('no-store leaves nothing on disk', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(counting({ 'cache-control': 'no-store', etag: '"x"' }))
  await ask(server.url, folder.path)
  assert.deepEqual(entriesOf(folder.path), [])
})

const damages: Record<string, (path: string) => void> = {
  'cut short': (path) => truncateSync(path, statSync(path).size - 1),
  'changed in the middle': (path) =>
    writeFileSync(path, readFileSync(path, 'latin1').replace('demo-0', 'demo-X'), 'latin1'),
  'of another page': (path) =>
    writeFileSync(path, readFileSync(path, 'latin1').replace('/demo/ ', '/evil/ '), 'latin1'),
  empty: (path) => truncateSync(path, 0),
  'not JSON at the start': (path) => writeFileSync(path, 'garbage\ngarbage'),
  'null at the start': (path) => writeFileSync(path, 'null\n'),
}
for (const [name, damage] of Object.entries(damages)) {
  test(`an entry that is ${name} is replaced`, async () => {
    await using folder = await temporaryFolder()
    await using server = await serve(counting({ 'cache-control': 'max-age=600' }))
    await ask(server.url, folder.path)
    const [path] = entriesOf(folder.path)
    damage(path!)
    const again = await ask(server.url, folder.path)
    assert.deepEqual(again, { files: ['demo-1.tar.gz'], outcome: undefined })
    assert.equal((await ask(server.url, folder.path)).outcome, 'fresh')
    assert.equal(entriesOf(folder.path).length, 1)
  })
}

test('offline, what is there is used however old it is, and what is not is told', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(counting({ 'cache-control': 'max-age=0, must-revalidate' }))
  await ask(server.url, folder.path)
  const offline = { isOffline: true }
  assert.deepEqual(await ask(server.url, folder.path, offline), {
    files: ['demo-0.tar.gz'],
    outcome: 'stale',
  })
  const error = await failure(ask(`${server.url}/other`, folder.path, offline))
  assert.equal(error.code, 'offline')
  assert.match(error.message, /\/other\/demo\/ is not in the cache/)
  assert.equal(server.requests.length, 1)
})

test('an old page helps out while the index is down, unless the index forbids it', async () => {
  await using folder = await temporaryFolder()
  for (const [cacheControl, helps] of [
    ['max-age=0', true],
    ['max-age=0, must-revalidate', false],
    ['no-cache', false],
  ] as const) {
    await using server = await serve((request, response, count) => {
      if (count > 0) response.writeHead(503).end()
      else void counting({ 'cache-control': cacheControl })(request, response, count)
    })
    await ask(server.url, folder.path)
    const again = ask(server.url, folder.path)
    if (helps) assert.deepEqual((await again).outcome, 'stale')
    else assert.equal((await failure(again)).code, 'http-status')
  }
})

test('a refusal is an answer: no old page hides it', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve((request, response, count) => {
    if (count > 0) response.writeHead(403).end()
    else void counting({ 'cache-control': 'max-age=0' })(request, response, count)
  })
  await ask(server.url, folder.path)
  assert.equal((await failure(ask(server.url, folder.path))).code, 'forbidden')
})

test('no password comes to disk, and whoever gives another finds the same entry', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(counting({ 'cache-control': 'max-age=600' }))
  await ask(server.url.replace('//', '//me:hush@'), folder.path)
  // Pages of links are named by the user, userinfo and all.
  const place = `${server.url.replace('//', '//me:hush@')}/demo/`
  const links = { indexes: [], findLinks: [place], cache: { folder: folder.path } }
  await ask(server.url, folder.path, links)
  for (const path of entriesOf(folder.path)) {
    assert.doesNotMatch(readFileSync(path, 'latin1') + path, /hush/)
    assert.equal(statSync(path).mode & 0o077, 0)
  }
  assert.equal(entriesOf(folder.path).length, 2)
  assert.equal((await ask(server.url, folder.path)).outcome, 'fresh')
})

test('a cache that cannot be written is done without', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(folder.join('file'), '')
  await using server = await serve(counting({ 'cache-control': 'max-age=600' }))
  const { files } = await ask(server.url, folder.join('file'))
  assert.deepEqual(files, ['demo-0.tar.gz'])
})

test('many clients at once write one whole entry', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(counting({ 'cache-control': 'max-age=600' }))
  await Promise.all(Array.from({ length: 8 }, () => ask(server.url, folder.path)))
  assert.equal(entriesOf(folder.path).length, 1)
  assert.equal((await ask(server.url, folder.path)).outcome, 'fresh')
})
