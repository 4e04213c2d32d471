import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import {
  type ProjectFile,
  readProjectDetail,
  resolverAcceptHeader,
  resolverPageContentType,
} from '@cheeseshop/packaging'
import { sdist, serve, wheel } from '@cheeseshop/testing'
import { openInMemory } from '../../testing/migrated-database.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'
import { testUpstream } from '../../testing/test-upstream.ts'

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
const files = [
  wheel('demo', '1.0').requires('old').build(),
  wheel('demo', '2.0').requires('b>=2', "c; extra == 'x'").header('Provides-Extra', 'x').build(),
  sdist('demo', '2.0').metadataVersion('2.1').requires('asked-of-the-backend').build(),
]
const page = JSON.stringify({
  meta: { 'api-version': '1.1' },
  name: 'demo',
  versions: ['1.0', '2.0'],
  files: files.map(({ filename, bytes, metadata }) => ({
    filename,
    url: `/files/${filename}`,
    size: bytes.length,
    hashes: { sha256: sha256(bytes) },
    'core-metadata': { sha256: sha256(metadata) },
  })),
})

async function read(index: TestIndex): Promise<readonly ProjectFile[]> {
  const headers = { accept: resolverAcceptHeader }
  const response = await index.request('/simple/demo/', { headers })
  assert.equal(response.status, 200)
  const base = 'http://localhost/simple/demo/'
  return readProjectDetail(await response.text(), resolverPageContentType, base).files
}

test('metadata of an upstream is on the page once somebody asked for it, and not fetched for the page', async () => {
  await using server = await serve((request, response) => {
    const file = files.find(({ filename }) => request.url?.startsWith(`/files/${filename}`))
    if (request.url === '/simple/demo/') response.end(page)
    else if (file && request.url?.endsWith('.metadata')) response.end(file.metadata)
    else response.writeHead(404).end()
  })
  await using db = await openInMemory()
  await using upstream = await testUpstream(db, server)
  await using index = await testIndex({
    db,
    domain: { ...upstream.domain, upstreams: upstream.engine },
  })
  const before = await read(index)
  assert.deepEqual(
    before.map(({ metadata }) => metadata),
    [undefined, undefined, undefined],
  )
  assert.deepEqual(
    server.requests.map(({ path }) => path),
    ['/simple/demo/'],
  )
  for (const file of before) {
    if (file.filename.includes('1.0')) continue
    assert.equal((await index.request(`${new URL(file.url).pathname}.metadata`)).status, 200)
  }
  const after = await read(index)
  assert.deepEqual(
    after.map(({ filename, metadata }) => [filename, metadata]),
    [
      ['demo-2.0.tar.gz', undefined],
      [
        'demo-2.0-py3-none-any.whl',
        { requiresDist: ['b>=2', "c; extra == 'x'"], providesExtra: ['x'] },
      ],
      ['demo-1.0-py3-none-any.whl', undefined],
    ],
  )
  assert.equal(server.requests.filter(({ path }) => path.endsWith('.metadata')).length, 2)
})
