import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { type ScriptedServer, serve, serveFiles, temporaryFolder } from '@cheeseshop/testing'
import { openClient } from '../client.ts'
import type { ClientOptions } from '../client-options.ts'
import { demo, failure, jsonPage, opened } from '../testing/opened.ts'

const knows = (...files: string[]) => serveFiles({ '/simple/demo/': jsonPage(files) })
const simple = (...servers: ScriptedServer[]) =>
  servers.map(({ url }) => ({ url: `${url}/simple` }))

async function filesFound(options: ClientOptions, indexName?: string) {
  using index = opened(options)
  const found = await index.client.project(demo, indexName)
  return found?.detail.files.map(({ filename }) => filename)
}

test('the first index that knows a name is believed, and later ones never hear of it', async () => {
  await using empty = await serveFiles({})
  await using first = await knows('demo-1.0.tar.gz')
  await using second = await knows('demo-9.0.tar.gz')
  using index = opened({ indexes: simple(empty, first, second) })
  const found = await index.client.project(demo)
  assert.deepEqual(
    found?.detail.files.map(({ filename }) => filename),
    ['demo-1.0.tar.gz'],
  )
  assert.deepEqual(found?.index, { kind: 'index', url: `${first.url}/simple/` })
  assert.deepEqual(empty.paths(), ['GET /simple/demo/'])
  assert.equal(second.requests.length, 0)
})

test('an index that knows a name without files is believed too', async () => {
  await using first = await knows()
  await using second = await knows('demo-9.0.tar.gz')
  assert.deepEqual(await filesFound({ indexes: simple(first, second) }), [])
})

test('with best-match all files count, and of two with one name that of the first index', async () => {
  await using first = await knows('demo-1.0.tar.gz', 'demo-2.0.tar.gz')
  await using second = await knows('demo-2.0.tar.gz', 'demo-3.0.tar.gz')
  using index = opened({ indexes: simple(first, second), strategy: 'best-match' })
  const found = await index.client.project(demo)
  assert.deepEqual(
    found?.detail.files.map(({ url }) => url),
    [
      `${first.url}/files/demo-1.0.tar.gz`,
      `${first.url}/files/demo-2.0.tar.gz`,
      `${second.url}/files/demo-3.0.tar.gz`,
    ],
  )
  assert.equal(found?.sources.length, 2)
  assert.equal(found.sources[1]?.detail.files.length, 2)
})

test('a project that no index has is undefined', async () => {
  await using server = await serveFiles({})
  assert.equal(await filesFound({ indexes: simple(server) }), undefined)
  assert.equal(await filesFound({}), undefined)
})

test('an explicit index is asked by name only', async () => {
  await using server = await knows('demo-1.0.tar.gz')
  const indexes = simple(server).map((index) => ({ ...index, name: 'extra', isExplicit: true }))
  assert.equal(await filesFound({ indexes }), undefined)
  assert.equal(server.requests.length, 0)
  assert.deepEqual(await filesFound({ indexes }, 'extra'), ['demo-1.0.tar.gz'])
  assert.match((await failure(filesFound({ indexes }, 'other'))).message, /no index named "other"/)
})

test('an index that refuses stops the search, unless its status is said to mean "absent"', async () => {
  await using closed = await serve((_, response) => void response.writeHead(403).end())
  await using second = await knows('demo-9.0.tar.gz')
  const [first, ...others] = simple(closed, second)
  for (const strategy of ['first-index', 'best-match'] as const) {
    const error = await failure(filesFound({ indexes: [first!, ...others], strategy }))
    assert.equal(error.code, 'forbidden')
  }
  const indexes = [{ ...first!, absentStatuses: [403] }, ...others]
  assert.deepEqual(await filesFound({ indexes }), ['demo-9.0.tar.gz'])
})

test('a project is asked for once, also when many ask at the same time; a failure is not remembered', async () => {
  await using server = await serve((_, response, count) => {
    if (count === 0) response.writeHead(403).end()
    else response.end(jsonPage())
  })
  using index = opened({ indexes: [{ url: server.url }] })
  await failure(index.client.project(demo))
  await Promise.all([1, 2, 3].map(() => index.client.project(demo)))
  assert.equal(server.requests.length, 2)
})

test('a query of the index URL stays on its pages', async () => {
  await using server = await serve((_, response) => void response.end(jsonPage()))
  using index = opened({ indexes: [{ url: `${server.url}/simple?access_token=hush` }] })
  const found = await index.client.project(demo)
  assert.deepEqual(server.paths(), ['GET /simple/demo/?access_token=hush'])
  assert.doesNotMatch(JSON.stringify([index.events, found?.index]), /hush/)
})

test('what is no URL of an index is refused when the client is opened', () => {
  for (const url of ['', 'index.example/simple', 'ftp://index.example/', 'C:\\simple']) {
    assert.throws(() => openClient({ indexes: [{ url }] }), { code: 'bad-url' })
  }
})

test('a folder to find links in adds its files to those of the indexes', async () => {
  await using folder = await temporaryFolder()
  for (const name of [
    'Demo-1.0.tar.gz',
    'demo-2.0-py3-none-any.whl',
    'other-1.0.tar.gz',
    'demo.txt',
  ])
    writeFileSync(folder.join(name), 'content')
  mkdirSync(folder.join('demo-3.0.tar.gz'))
  await using server = await knows('demo-2.0-py3-none-any.whl', 'demo-4.0.tar.gz')
  for (const place of [folder.path, pathToFileURL(folder.path).href]) {
    using index = opened({ indexes: simple(server), findLinks: [place] })
    const found = await index.client.project(demo)
    assert.deepEqual(
      found?.detail.files.map(({ url, size }) => [url, size]),
      [
        [pathToFileURL(folder.join('Demo-1.0.tar.gz')).href, 7],
        [pathToFileURL(folder.join('demo-2.0-py3-none-any.whl')).href, 7],
        [`${server.url}/files/demo-4.0.tar.gz`, undefined],
      ],
    )
    assert.equal(found?.index.kind, 'find-links')
  }
  assert.deepEqual(await filesFound({ findLinks: [folder.path] }), [
    'Demo-1.0.tar.gz',
    'demo-2.0-py3-none-any.whl',
  ])
})

test('a page to find links in is read once, wherever it is', async () => {
  await using folder = await temporaryFolder()
  const page = '<a href="demo-1.0.tar.gz">x</a> <a href="other-1.0.zip">y</a> <a href="no">z</a>'
  await using server = await serveFiles({ '/links.html': page })
  writeFileSync(folder.join('links.html'), page)
  const path = folder.join('links.html')
  for (const place of [path, pathToFileURL(path).href, `${server.url}/links.html`]) {
    using index = opened({ findLinks: [place] })
    assert.equal((await index.client.project(demo))?.detail.files.length, 1)
    assert.equal((await index.client.project('other' as typeof demo))?.detail.files.length, 1)
    assert.equal(await index.client.project('absent' as typeof demo), undefined)
  }
  assert.equal(server.requests.length, 1)
})

test('a place for links that is not there is told', async () => {
  await using folder = await temporaryFolder()
  const error = await failure(filesFound({ findLinks: [folder.join('missing')] }))
  assert.equal(error.code, 'not-found')
  assert.match(error.hint ?? '', /find-links/)
})

test('an index of files on this machine is read, with pages and without', async () => {
  await using folder = await temporaryFolder()
  const write = (path: string, text: string) => {
    mkdirSync(folder.join(path.slice(0, path.lastIndexOf('/'))), { recursive: true })
    writeFileSync(folder.join(path), text)
  }
  write(
    'html/in dex/demo/index.html',
    '<a href="../../files/demo-1.0.tar.gz#sha256=0123abcd">x</a>',
  )
  write('json/demo/index.v1_json', jsonPage(['demo-2.0.tar.gz']))
  write('bare/demo/demo-3.0.tar.gz', '')
  const at = (name: string) => ({ indexes: [{ url: pathToFileURL(folder.join(name)).href }] })
  using html = opened(at('html/in dex'))
  const found = await html.client.project(demo)
  assert.equal(
    found?.detail.files[0]?.url,
    pathToFileURL(folder.join('html/files/demo-1.0.tar.gz')).href,
  )
  assert.deepEqual(found.detail.files[0]?.hashes, { sha256: '0123abcd' })
  assert.deepEqual(await filesFound(at('json')), ['demo-2.0.tar.gz'])
  assert.deepEqual(await filesFound(at('bare')), ['demo-3.0.tar.gz'])
  assert.equal(await filesFound(at('missing')), undefined)
})
