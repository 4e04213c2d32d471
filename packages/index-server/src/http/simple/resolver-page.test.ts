import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import {
  normalizeName,
  readProjectDetail,
  resolverAcceptHeader,
  resolverPageContentType,
  simpleAcceptHeader,
} from '@cheeseshop/packaging'
import { type BuiltDistribution, sdist, wheel } from '@cheeseshop/testing'
import { readInlineMetadata } from '../../domain/catalog/inline-metadata.ts'
import { setProjectStatus } from '../../domain/catalog/projects.ts'
import { addUser } from '../../testing/catalog.ts'
import { eachDatabase } from '../../testing/each-database.ts'
import { readProject } from '../../testing/read-index.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

async function page(index: TestIndex, headers: Record<string, string> = {}) {
  const response = await index.request('/simple/demo/', {
    headers: { accept: resolverAcceptHeader, ...headers },
  })
  assert.equal(response.headers.get('content-type'), resolverPageContentType)
  return response
}

async function filesOf(index: TestIndex) {
  const text = await (await page(index)).text()
  return readProjectDetail(text, resolverPageContentType, 'http://localhost/simple/demo/').files
}

async function fill(index: TestIndex, files: readonly BuiltDistribution[]): Promise<void> {
  for (const built of files) assert.equal((await index.upload(built)).status, 200)
}

eachDatabase((name, open) => {
  describe(`the resolver page on ${name}`, () => {
    it('carries the requirements of each file, newest first', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      await fill(index, [
        wheel('demo', '1.0').requires('old').build(),
        sdist('demo', '2.0').metadataVersion('2.1').build(),
        sdist('demo', '3.0').metadataVersion('2.2').requires('b>=2').build(),
        wheel('demo', '3.0')
          .requires('b>=2', "c; extra == 'x'")
          .header('Provides-Extra', 'x')
          .build(),
      ])
      assert.deepEqual(
        (await filesOf(index)).map((file) => [file.filename, file.metadata]),
        [
          ['demo-3.0.tar.gz', { requiresDist: ['b>=2'], providesExtra: [] }],
          [
            'demo-3.0-py3-none-any.whl',
            { requiresDist: ['b>=2', "c; extra == 'x'"], providesExtra: ['x'] },
          ],
          ['demo-2.0.tar.gz', undefined],
          ['demo-1.0-py3-none-any.whl', { requiresDist: ['old'], providesExtra: [] }],
        ],
      )
    })
  })
})

test('nobody who does not name the type notices it', async () => {
  await using index = await testIndex()
  await fill(index, [wheel('demo', '1.0').requires('b>=2').build()])
  const others = [
    simpleAcceptHeader,
    'text/html',
    '*/*',
    'application/*',
    `${simpleAcceptHeader}, application/json`,
  ]
  const read = async (accept: string) => {
    const response = await index.request('/simple/demo/', { headers: { accept } })
    return [response.status, [...response.headers], await response.text()]
  }
  const before = await Promise.all(others.map(read))
  await filesOf(index)
  assert.deepEqual(await Promise.all(others.map(read)), before)
  for (const [, , text] of before) assert.doesNotMatch(String(text), /_cheeseshop|_metadata|b>=2/)
  const list = await index.request('/simple/', { headers: { accept: resolverAcceptHeader } })
  assert.equal(list.headers.get('content-type'), 'application/vnd.pypi.simple.v1+json')
  const refused = await index.request('/simple/', { headers: { accept: resolverPageContentType } })
  assert.equal(refused.status, 406)
})

test('it is compressed as the client likes, and not sent again unchanged', async () => {
  await using index = await testIndex()
  const built = ['1', '2', '3'].map((version) => wheel('demo', version).requires('b>=2').build())
  await fill(index, built)
  const plain = await page(index)
  const text = await plain.text()
  assert.equal(plain.headers.get('vary'), 'Accept, Accept-Encoding')
  for (const [encoding, unpack] of [
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
  ] as const) {
    const packed = await page(index, { 'accept-encoding': encoding })
    assert.equal(packed.headers.get('content-encoding'), encoding)
    assert.equal(unpack(await packed.bytes()).toString(), text)
  }
  const headers = { accept: resolverAcceptHeader, 'if-none-match': plain.headers.get('etag')! }
  const again = await index.request('/simple/demo/', { headers })
  assert.deepEqual([again.status, await again.text()], [304, ''])
  await fill(index, [wheel('demo', '4').build()])
  assert.equal((await index.request('/simple/demo/', { headers })).status, 200)
})

test('an upload is on the next page that a socket is sent, although the last one was kept ready', async () => {
  await using index = await testIndex()
  const url = await index.url()
  const count = async () => {
    const response = await fetch(`${url}/simple/demo/`, {
      headers: { accept: resolverAcceptHeader },
    })
    return JSON.parse(await response.text()).files.length
  }
  for (const version of [1, 2, 3]) {
    await fill(index, [wheel('demo', String(version)).build()])
    assert.deepEqual([await count(), await count()], [version, version])
  }
})

test('a quarantined project shows nothing here either', async () => {
  await using index = await testIndex()
  await fill(index, [wheel('demo', '1.0').requires('b').build()])
  const admin = await addUser(index.domain, 'root', { isAdministrator: true })
  await setProjectStatus(index.domain, admin, { project: 'demo', status: 'quarantined' })
  assert.deepEqual(await filesOf(index), [])
})

test('ten thousand files, or one with endless requirements, fill no page: the newest are inline', async () => {
  await using index = await testIndex()
  const long = Array.from({ length: 30 }, (_, at) => `requirement-${at}`)
  await fill(index, [
    wheel('demo', '1').build(),
    wheel('demo', '2')
      .requires(...long)
      .build(),
    wheel('demo', '3').build(),
    wheel('demo', '4').requires('b').build(),
  ])
  const { files = [] } = (await readProject(index.domain, normalizeName('demo'))) ?? {}
  const newestFirst = files.toReversed()
  const inline = async (room: { most: number; size: number }) => {
    const found = await readInlineMetadata(index.domain, newestFirst, room)
    return newestFirst.filter((file) => found.has(file.metadataSha256!)).map((file) => file.version)
  }
  assert.deepEqual(await inline({ most: 9, size: 9000 }), ['4', '3', '2', '1'])
  assert.deepEqual(await inline({ most: 2, size: 9000 }), ['4', '3'])
  assert.deepEqual(await inline({ most: 9, size: 100 }), ['4', '3'])
})
