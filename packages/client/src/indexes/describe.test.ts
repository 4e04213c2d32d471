import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { serveFiles, temporaryFolder } from '@cheeseshop/testing'
import { demo, failure, jsonPage, opened } from '../testing/opened.ts'

const list = JSON.stringify({
  meta: { 'api-version': '1.0' },
  projects: [{ name: 'Demo' }, { name: 'other' }],
})

test('the JSON API is asked beside the simple pages, and only of the index that has the project', async () => {
  await using first = await serveFiles({ '/one/simple/other/': jsonPage() })
  await using second = await serveFiles({
    '/two/simple/demo/': jsonPage(),
    '/two/pypi/demo/json': '{"info":{"version":"2.0"}}',
    '/two/pypi/demo/1.0%2Bcpu/json': '{"vulnerabilities":[]}',
  })
  const indexes = [{ url: `${first.url}/one/simple/` }, { url: `${second.url}/two/simple` }]
  using at = opened({ indexes })
  assert.deepEqual(await at.client.describe(demo), { info: { version: '2.0' } })
  assert.deepEqual(await at.client.describe(demo, '1.0+cpu'), { vulnerabilities: [] })
  assert.equal(await at.client.describe(demo, '3.0'), undefined)
  assert.deepEqual(first.paths(), ['GET /one/simple/demo/'])
})

test('an index without a JSON API describes nothing, and one that answers nonsense is told', async () => {
  await using server = await serveFiles({
    '/plain/demo/': jsonPage(),
    '/odd/simple/demo/': jsonPage(),
    '/odd/pypi/demo/json': '<html>',
  })
  using plain = opened({ indexes: [{ url: `${server.url}/plain/` }] })
  assert.equal(await plain.client.describe(demo), undefined)
  assert.deepEqual(server.paths(), ['GET /plain/demo/'])
  using odd = opened({ indexes: [{ url: `${server.url}/odd/simple/` }] })
  assert.equal((await failure(odd.client.describe(demo))).code, 'bad-page')
})

test('all names of all indexes, remote and local', async () => {
  await using server = await serveFiles({ '/simple/': list })
  await using folder = await temporaryFolder()
  mkdirSync(folder.join('local-demo'))
  const local = pathToFileURL(`${folder.path}/`).href
  using at = opened({ indexes: [{ url: `${server.url}/simple/` }, { url: local }] })
  assert.deepEqual(await at.client.projectNames(), ['Demo', 'other', 'local-demo'])
})
