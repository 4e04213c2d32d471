import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import { readProjectDetail } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import { deleteProject, setProjectStatus } from '../../domain/catalog/projects.ts'
import { yankRelease } from '../../domain/catalog/releases.ts'
import { addUser } from '../../testing/catalog.ts'
import { eachDatabase, eachSharedDatabase, openAgain } from '../../testing/each-database.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

const json = 'application/vnd.pypi.simple.v1+json'
const html = 'application/vnd.pypi.simple.v1+html'

async function read(index: TestIndex, name = 'demo', accept = json) {
  const response = await index.request(`/simple/${name}/`, { headers: { accept } })
  assert.equal(response.status, 200)
  const type = response.headers.get('content-type') ?? ''
  return readProjectDetail(await response.text(), type, `http://localhost/simple/${name}/`)
}

async function fill(index: TestIndex): Promise<void> {
  const files = [
    wheel('Demo', '1.10').requiresPython('>=3.9').build(),
    wheel('Demo', '1.9').build(),
    sdist('Demo', '1.10').build(),
  ]
  for (const built of files) assert.equal((await index.upload(built)).status, 200)
}

eachDatabase((name, open) => {
  describe(`the page of a project on ${name}`, () => {
    it('says the same in JSON and in HTML', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      await fill(index)
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      await yankRelease(index.domain, admin, { project: 'demo', version: '1.9', reason: 'broken' })
      const change = { project: 'demo', status: 'deprecated', reason: 'use x' } as const
      const serial = await setProjectStatus(index.domain, admin, change)

      const fromJson = await read(index)
      const fromHtml = await read(index, 'demo', html)
      assert.equal(fromJson.name, 'demo')
      assert.deepEqual(fromJson.meta, { apiVersion: '1.4', lastSerial: serial })
      assert.deepEqual(fromJson.versions, ['1.9', '1.10'])
      assert.deepEqual(fromJson.status, { status: 'deprecated', reason: 'use x' })
      assert.deepEqual(
        fromJson.files.map((file) => [file.filename, file.yanked, file.requiresPython]),
        [
          ['demo-1.9-py3-none-any.whl', 'broken', undefined],
          ['demo-1.10-py3-none-any.whl', false, '>=3.9'],
          ['demo-1.10.tar.gz', false, undefined],
        ],
      )
      for (const file of fromJson.files) {
        assert.match(file.url, /^http:\/\/localhost\/packages\/..\/..\/.{60}\/demo-/)
        assert.ok(file.size! > 100 && file.uploadTime && file.hashes['sha256'])
      }
      const shared = fromJson.files.map(({ size: _, uploadTime: __, ...file }) => file)
      assert.deepEqual(fromHtml.files.map(withoutAbsent), shared.map(asInHtml))
      assert.deepEqual([fromHtml.status, fromHtml.meta], [fromJson.status, fromJson.meta])
    })

    it('shows an upload, a yank and a deletion in the next request', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      await index.upload(wheel('demo', '1').build())
      assert.equal((await read(index)).files.length, 1)
      await index.upload(wheel('demo', '2').build())
      assert.equal((await read(index)).files.length, 2)
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      await yankRelease(index.domain, admin, { project: 'demo', version: '2' })
      assert.deepEqual(
        (await read(index)).files.map((file) => file.yanked),
        [false, true],
      )
      await deleteProject(index.domain, admin, { project: 'demo' })
      assert.equal((await index.request('/simple/demo/')).status, 404)
    })

    it('hides the files of a project in quarantine and says so', async () => {
      await using db = await open()
      await using index = await testIndex({ db })
      await fill(index)
      const admin = await addUser(index.domain, 'root', { isAdministrator: true })
      await setProjectStatus(index.domain, admin, { project: 'demo', status: 'quarantined' })
      const page = await read(index)
      assert.deepEqual([page.files, page.versions], [[], []])
      assert.deepEqual(page.status, { status: 'quarantined' })
    })
  })
})

eachSharedDatabase((name, open) => {
  it(`shows in the next request what another process wrote (${name})`, async () => {
    await using db = await open()
    await using index = await testIndex({ db })
    await index.upload(wheel('demo', '1').build())
    const url = await index.url()
    const get = async () => {
      const response = await fetch(`${url}/simple/demo/`, { headers: { accept: json } })
      return ((await response.json()) as { files: unknown[] }).files.length
    }
    // Twice: the second is answered by the pages kept ready.
    assert.deepEqual([await get(), await get()], [1, 1])
    await using otherDb = await openAgain(db)
    await using other = await testIndex({ db: otherDb, domain: { blobs: index.domain.blobs } })
    for (let files = 2; files < 12; files += 1) {
      assert.equal((await other.upload(wheel('demo', `${files}`).build())).status, 200)
      assert.deepEqual([await get(), await get()], [files, files])
    }
  })
})

describe('negotiation of a project page', () => {
  const cases: [accept: string, type: string][] = [
    [json, json],
    [html, html],
    ['*/*', 'text/html; charset=UTF-8'],
    ['text/html', 'text/html; charset=UTF-8'],
    [`${json};q=0.2, ${html};q=0.3`, html],
    [`${json}, ${html};q=0.2, text/html;q=0.01`, json],
    ['application/vnd.pypi.simple.latest+json', json],
  ]
  for (const [accept, type] of cases) {
    it(`answers "${accept}" with ${type}`, async () => {
      await using index = await testIndex()
      await index.upload()
      const response = await index.request('/simple/demo/', { headers: { accept } })
      assert.equal(response.headers.get('content-type'), type)
      assert.equal(response.headers.get('vary'), 'Accept, Accept-Encoding')
    })
  }

  it('lets ?format= win over Accept', async () => {
    await using index = await testIndex()
    await index.upload()
    const path = `/simple/demo/?format=${encodeURIComponent(json)}`
    const response = await index.request(path, { headers: { accept: 'text/html' } })
    assert.equal(response.headers.get('content-type'), json)
  })

  it('answers 406 with the forms there are', async () => {
    await using index = await testIndex()
    await index.upload()
    const accept = 'application/vnd.pypi.simple.v2+json'
    const response = await index.request('/simple/demo/', { headers: { accept } })
    assert.equal(response.status, 406)
    assert.match(await response.text(), /Its forms are application\/vnd\.pypi\.simple\.v1\+json, /)
  })
})

describe('a project page over HTTP', () => {
  it('redirects every other spelling of the name, with its query', async () => {
    await using index = await testIndex()
    const locationOf = async (path: string) => {
      const response = await index.request(path)
      assert.equal(response.status, 301)
      return new URL(response.headers.get('location') ?? '', `http://localhost${path}`).href
    }
    const page = 'http://localhost/simple/zope-interface/'
    assert.equal(await locationOf('/simple/Zope.Interface/'), page)
    assert.equal(await locationOf('/simple/zope--interface/?format=x'), `${page}?format=x`)
    assert.equal(await locationOf('/simple/zope-interface'), page)
    assert.equal(await locationOf('/simple/zope_Interface'), page)
  })

  it('answers 404 in plain text for an unknown project and for what is no name', async () => {
    await using index = await testIndex()
    for (const name of ['nope', '..%2f', '-x-', 'a%20b', '%F0%9F%A7%80']) {
      const response = await index.request(`/simple/${name}/`, { headers: { accept: json } })
      assert.equal(response.status, 404, name)
      assert.match(await response.text(), /There is no project/)
    }
  })

  it('answers 304 to its own ETag, and each encoding has one of its own', async () => {
    await using index = await testIndex()
    for (const version of ['1', '2', '3']) await index.upload(wheel('demo', version).build())
    const get = (headers: Record<string, string>) =>
      index.request('/simple/demo/', { headers: { accept: json, ...headers } })
    const plain = await get({})
    const etag = plain.headers.get('etag') ?? ''
    const zipped = await get({ 'accept-encoding': 'gzip' })
    assert.notEqual(zipped.headers.get('etag'), etag)
    for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const response = await get({ 'if-none-match': tag })
      assert.deepEqual([response.status, await response.text()], [304, ''], tag)
      assert.equal(response.headers.get('etag'), etag)
    }
    assert.equal((await get({ 'if-none-match': zipped.headers.get('etag')! })).status, 200)
    await index.upload(wheel('demo', '4').build())
    assert.equal((await get({ 'if-none-match': etag })).status, 200)
  })

  it('sends the same bytes under every encoding, and the serial in a header', async () => {
    await using index = await testIndex()
    for (const version of ['1', '2', '3']) await index.upload(wheel('demo', version).build())
    const get = (encoding: string) =>
      index.request('/simple/demo/', { headers: { accept: json, 'accept-encoding': encoding } })
    const plain = await (await get('identity')).text()
    const { meta } = JSON.parse(plain)
    const unpack = { gzip: gunzipSync, br: brotliDecompressSync, zstd: zstdDecompressSync }
    for (const [encoding, decompress] of Object.entries(unpack)) {
      const response = await get(encoding)
      assert.equal(response.headers.get('content-encoding'), encoding)
      assert.equal(response.headers.get('x-pypi-last-serial'), String(meta['_last-serial']))
      assert.equal(decompress(await response.bytes()).toString(), plain)
    }
    assert.equal((await get('gzip;q=0.5, br;q=0')).headers.get('content-encoding'), 'gzip')
    assert.equal((await get('gzip, br, zstd')).headers.get('content-encoding'), 'zstd')
    assert.equal((await get('deflate')).headers.get('content-encoding'), null)
  })

  it('answers HEAD with the headers of GET', async () => {
    await using index = await testIndex()
    await index.upload()
    const get = await index.request('/simple/demo/')
    const head = await index.request('/simple/demo/', { method: 'HEAD' })
    assert.deepEqual([...head.headers], [...get.headers])
    assert.deepEqual([head.status, await head.text()], [200, ''])
  })

  it('lets pages be reused for a while only where the operator says so', async () => {
    await using index = await testIndex({ config: { pageMaxAge: 600_000 } })
    await index.upload()
    const cacheControl = async (index: TestIndex) =>
      (await index.request('/simple/demo/')).headers.get('cache-control')
    assert.equal(await cacheControl(index), 'public, max-age=600')
    await using fresh = await testIndex()
    await fresh.upload()
    assert.equal(await cacheControl(fresh), 'no-cache')
  })
})

/** The two fields that HTML has no place for are absent in it, the rest is the same. */
function asInHtml(file: { coreMetadata?: unknown }): object {
  const { coreMetadata, ...rest } = file
  return coreMetadata === false ? rest : { coreMetadata, ...rest }
}

function withoutAbsent(file: object): object {
  return Object.fromEntries(Object.entries(file).filter(([, value]) => value !== undefined))
}
