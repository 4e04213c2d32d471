import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { sdist, temporaryFolder, wheel } from '@cheeseshop/testing'
import { blake2b } from 'hash-wasm'
import { deleteFile } from '../../domain/catalog/files.ts'
import { setProjectStatus } from '../../domain/catalog/projects.ts'
import { openLocalStore } from '../../storage/local.ts'
import { addUser } from '../../testing/catalog.ts'
import { type TestIndex, testIndex } from '../../testing/test-index.ts'

const built = wheel('demo', '1.0').file('demo/__init__.py', 'x = 1\n'.repeat(500)).build()
const archive = sdist('demo', '1.0').metadataVersion('2.2').build()

async function pathOf(index: TestIndex, filename = built.filename): Promise<string> {
  const response = await index.request(`/api/v1/projects/demo/files/${filename}`)
  return ((await response.json()) as { path: string }).path
}

describe('a file', () => {
  it('is served whole, for ever, as bytes that no browser may run', async () => {
    await using index = await testIndex()
    await index.upload(built)
    const response = await index.request(await pathOf(index))
    assert.equal(response.status, 200)
    assert.deepEqual(Buffer.from(await response.bytes()), Buffer.from(built.bytes))
    assert.deepEqual(Object.fromEntries(response.headers), {
      'accept-ranges': 'bytes',
      'access-control-allow-origin': '*',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-length': String(built.bytes.length),
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'content-type': 'application/zip',
      etag: `"${createHash('sha256').update(built.bytes).digest('hex')}"`,
      'last-modified': 'Fri, 02 Jan 2026 03:04:05 GMT',
      'x-content-type-options': 'nosniff',
    })
  })

  it('has the digests its URL and its page promise', async () => {
    await using index = await testIndex()
    await index.upload(built)
    const path = await pathOf(index)
    const bytes = await (await index.request(path)).bytes()
    const digest = path.replaceAll('/', '').slice('packages'.length, -built.filename.length)
    assert.equal(digest, await blake2b(bytes, 256))
  })

  it('of a gzip archive comes without a content encoding, which clients would undo', async () => {
    await using index = await testIndex()
    await index.upload(archive)
    const path = await pathOf(index, archive.filename)
    const response = await index.request(path, { headers: { 'accept-encoding': 'gzip, br, zstd' } })
    assert.equal(response.headers.get('content-encoding'), null)
    assert.equal(response.headers.get('content-type'), 'application/gzip')
    assert.deepEqual(Buffer.from(await response.bytes()), Buffer.from(archive.bytes))
  })

  it('is not left open by a client that asks for its metadata and wants none of it', async () => {
    await using index = await testIndex()
    await index.upload(built)
    const path = `${await pathOf(index)}.metadata`
    const etag = (await index.request(path)).headers.get('etag') ?? ''
    const { blobs } = index.domain
    const open = blobs.open.bind(blobs)
    let opened = 0
    blobs.open = (sha256) => {
      opened += 1
      return open(sha256)
    }
    const unchanged = await index.request(path, { headers: { 'if-none-match': etag } })
    const beyond = await index.request(path, { headers: { range: 'bytes=99999-' } })
    assert.deepEqual([unchanged.status, beyond.status, opened], [304, 416, 0])
  })

  it('answers HEAD with the headers of GET and no bytes', async () => {
    await using index = await testIndex()
    await index.upload(built)
    const path = await pathOf(index)
    const get = await index.request(path)
    const head = await index.request(path, { method: 'HEAD' })
    assert.deepEqual([...head.headers], [...get.headers])
    assert.equal((await head.bytes()).length, 0)
  })

  const size = built.bytes.length
  const ranges: [range: string, start: number, end: number][] = [
    ['bytes=0-0', 0, 1],
    ['bytes=10-19', 10, 20],
    ['bytes=-100', size - 100, size],
    [`bytes=${size - 1}-`, size - 1, size],
    ['bytes=0-999999999', 0, size],
    ['bytes=-999999999', 0, size],
  ]
  for (const [range, start, end] of ranges) {
    it(`answers Range: ${range} with those bytes`, async () => {
      await using index = await testIndex()
      await index.upload(built)
      const response = await index.request(await pathOf(index), { headers: { range } })
      assert.equal(response.status, 206)
      assert.equal(response.headers.get('content-range'), `bytes ${start}-${end - 1}/${size}`)
      assert.equal(response.headers.get('content-length'), String(end - start))
      assert.deepEqual(
        Buffer.from(await response.bytes()),
        Buffer.from(built.bytes.slice(start, end)),
      )
    })
  }

  for (const range of [`bytes=${size}-`, 'bytes=999999-', 'bytes=-0']) {
    it(`answers Range: ${range} with 416 and its size`, async () => {
      await using index = await testIndex()
      await index.upload(built)
      const response = await index.request(await pathOf(index), { headers: { range } })
      assert.equal(response.status, 416)
      assert.equal(response.headers.get('content-range'), `bytes */${size}`)
    })
  }

  for (const range of ['bytes=5-2', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,5-6', 'bytes=-', '']) {
    it(`answers Range: ${range} with the whole file`, async () => {
      await using index = await testIndex()
      await index.upload(built)
      const response = await index.request(await pathOf(index), { headers: { range } })
      assert.deepEqual([response.status, (await response.bytes()).length], [200, size])
    })
  }

  it('keeps to the conditions a client sets', async () => {
    await using index = await testIndex()
    await index.upload(built)
    const path = await pathOf(index)
    const etag = (await index.request(path)).headers.get('etag')!
    const at = 'Fri, 02 Jan 2026 03:04:05 GMT'
    const before = 'Fri, 02 Jan 2026 03:04:04 GMT'
    const status = async (headers: Record<string, string>) =>
      (await index.request(path, { headers })).status
    assert.equal(await status({ 'if-none-match': etag }), 304)
    assert.equal(await status({ 'if-none-match': '"other"' }), 200)
    assert.equal(await status({ 'if-modified-since': at }), 304)
    assert.equal(await status({ 'if-modified-since': before }), 200)
    assert.equal(await status({ 'if-modified-since': 'yesterday' }), 200)
    assert.equal(await status({ 'if-none-match': '"other"', 'if-modified-since': at }), 200)
    const range = 'bytes=0-9'
    assert.equal(await status({ range, 'if-range': etag }), 206)
    assert.equal(await status({ range, 'if-range': at }), 206)
    assert.equal(await status({ range, 'if-range': '"other"' }), 200)
    assert.equal(await status({ range, 'if-range': before }), 200)
  })

  it('is not found under another digest or another name', async () => {
    await using index = await testIndex()
    await index.upload(built)
    const path = await pathOf(index)
    const paths = [
      path.replace(built.filename, 'other-1.0-py3-none-any.whl'),
      path.replace(/packages\/../, `packages/${path.startsWith('/packages/00') ? '11' : '00'}`),
      path.replace(/packages\/../, 'packages/..'),
      `/packages/${built.filename}`,
    ]
    for (const path of paths) assert.equal((await index.request(path)).status, 404, path)
  })

  it('is gone at once when it is deleted or its project is in quarantine', async () => {
    await using index = await testIndex()
    await index.upload(built)
    await index.upload(archive)
    const admin = await addUser(index.domain, 'root', { isAdministrator: true })
    const [path, other] = [await pathOf(index), await pathOf(index, archive.filename)]
    await deleteFile(index.domain, admin, { project: 'demo', filename: built.filename })
    assert.equal((await index.request(path)).status, 404)
    assert.equal((await index.request(`${path}.metadata`)).status, 404)
    assert.equal((await index.request(other)).status, 200)
    await setProjectStatus(index.domain, admin, { project: 'demo', status: 'quarantined' })
    assert.equal((await index.request(other)).status, 404)
  })

  it('streams from a folder over a socket, and an early end leaves nothing open', async () => {
    await using folder = await temporaryFolder()
    const blobs = await openLocalStore(folder.path)
    await using index = await testIndex({ domain: { blobs } })
    const large = wheel('demo', '1.0').file(
      'demo/data',
      crypto.getRandomValues(Buffer.alloc(60_000)),
    )
    for (let part = 0; part < 60; part += 1) {
      large.file(`demo/${part}`, crypto.getRandomValues(Buffer.alloc(60_000)))
    }
    const file = large.build()
    assert.equal((await index.upload(file)).status, 200)
    const url = `${await index.url()}${await pathOf(index)}`
    assert.deepEqual(Buffer.from(await (await fetch(url)).bytes()), Buffer.from(file.bytes))
    const response = await fetch(url)
    await response.body?.cancel()
    assert.equal((await fetch(url, { headers: { range: 'bytes=-4' } })).status, 206)
  })
})

describe('the metadata beside a file', () => {
  it('is the text in the archive, of wheels and of sdists whose metadata is static', async () => {
    await using index = await testIndex()
    for (const file of [built, archive]) {
      await index.upload(file)
      const response = await index.request(`${await pathOf(index, file.filename)}.metadata`)
      assert.equal(response.status, 200)
      assert.equal(response.headers.get('content-type'), 'text/plain; charset=utf-8')
      assert.equal(await response.text(), file.metadata)
    }
  })

  it('is not served where no page promises it', async () => {
    await using index = await testIndex()
    const old = sdist('demo', '1.0').metadataVersion('2.1').build()
    await index.upload(old)
    const path = await pathOf(index, old.filename)
    assert.equal((await index.request(`${path}.metadata`)).status, 404)
    assert.equal((await index.request(`${path}.metadata.metadata`)).status, 404)
  })
})

describe('a URL made up from a filename', () => {
  it('leads to the file', async () => {
    await using index = await testIndex()
    for (const file of [built, archive]) await index.upload(file)
    const target = async (path: string) => {
      const response = await index.request(path)
      assert.equal(response.status, 302)
      return new URL(response.headers.get('location') ?? '', `http://localhost${path}`).pathname
    }
    const source = `/packages/source/d/demo/${archive.filename}`
    assert.equal(await target(source), await pathOf(index, archive.filename))
    assert.equal(await target(`/packages/py3/d/demo/${built.filename}`), await pathOf(index))
  })

  it('is not found for a wrong tag, project or filename', async () => {
    await using index = await testIndex()
    await index.upload(archive)
    const { filename } = archive
    for (const path of [
      `py3/d/demo/${filename}`,
      `source/d/x/${filename}`,
      'source/d/demo/x.zip',
    ]) {
      assert.equal((await index.request(`/packages/${path}`)).status, 404, path)
    }
  })
})
