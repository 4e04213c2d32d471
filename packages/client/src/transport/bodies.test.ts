import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { serve, until } from '@cheeseshop/testing'
import { demo, failure, jsonPage, opened } from '../testing/opened.ts'

async function pageSent(body: Buffer, headers: Record<string, string>, page = 100_000) {
  await using server = await serve((_, response) => void response.writeHead(200, headers).end(body))
  using index = opened({ indexes: [{ url: server.url }], limits: { page } })
  return await index.client.project(demo)
}

const plain = Buffer.from(jsonPage())

for (const [encoding, body] of [
  ['gzip', gzipSync(plain)],
  ['br', brotliCompressSync(plain)],
  ['zstd', zstdCompressSync(plain)],
  ['deflate', deflateSync(plain)],
  ['identity', plain],
] as const) {
  test(`a page encoded as ${encoding} is read`, async () => {
    const found = await pageSent(body, { 'content-encoding': encoding })
    assert.equal(found?.detail.files[0]?.filename, 'demo-1.0.tar.gz')
  })
}

test('a page in several gzip members, whose last bytes tell the size of the last alone, is read', async () => {
  const parts = [plain.subarray(0, -9), plain.subarray(-9)].map((part) => gzipSync(part))
  const found = await pageSent(Buffer.concat(parts), { 'content-encoding': 'gzip' })
  assert.equal(found?.detail.files[0]?.filename, 'demo-1.0.tar.gz')
})

test('the encodings that are understood are asked for', async () => {
  await using server = await serve((_, response) => void response.end(jsonPage()))
  using index = opened({ indexes: [{ url: server.url }], network: { userAgent: 'tool/1' } })
  await index.client.project(demo)
  const { headers } = server.requests[0]!
  assert.equal(headers['accept-encoding'], 'gzip, br, zstd')
  assert.match(headers.accept ?? '', /^application\/vnd\.pypi\.simple\.v1\+json,/)
  assert.equal(headers['user-agent'], 'tool/1')
})

test('garbage in place of compressed data is told as that', async () => {
  const error = await failure(pageSent(Buffer.from('garbage'), { 'content-encoding': 'gzip' }))
  assert.equal(error.code, 'bad-body')
  assert.match(error.message, /not the gzip data it claims/)
})

test('an encoding that nobody asked for is refused by name', async () => {
  const error = await failure(pageSent(plain, { 'content-encoding': 'compress' }))
  assert.match(error.message, /encoded as "compress"/)
})

test('a page that announces more than the limit is refused before it is read', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 200_000 }).flushHeaders()
  })
  using index = opened({ indexes: [{ url: server.url }], limits: { page: 100_000 } })
  assert.equal((await failure(index.client.project(demo))).code, 'too-large')
})

test('a page over the limit that does not say so is refused too', async () => {
  const error = await failure(
    pageSent(Buffer.alloc(200_000, 32), { 'transfer-encoding': 'chunked' }),
  )
  assert.equal(error.code, 'too-large')
  assert.match(error.message, /more than the 100000 bytes allowed/)
})

for (const [encoding, compress] of [
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
] as const) {
  test(`a small page that unpacks from ${encoding} to a huge one is refused`, async () => {
    const bomb = compress(Buffer.alloc(20 * 2 ** 20, 32))
    assert.ok(bomb.length < 100_000)
    const error = await failure(pageSent(bomb, { 'content-encoding': encoding }))
    assert.equal(error.code, 'too-large')
  })
}

test('memory filling: of many large answers at once, four are taken in and the others wait', async () => {
  const piece = Buffer.alloc(24 * 2 ** 20, ' ')
  let taken = 0
  const first = Promise.withResolvers<void>()
  await using server = await serve((_, response) => {
    response.write('{"meta":{"api-version":"1.1"},"files":[],')
    // Too large for the buffers between us: it is taken only by whoever reads it.
    response.write(piece, async () => {
      taken += 1
      await first.promise
      response.end('"name":"demo"}')
    })
  })
  const network = { concurrency: { largeAnswers: 4 } }
  using index = opened({ indexes: [{ url: server.url }], network })
  const names = Array.from({ length: 12 }, (_, at) => `demo${at}` as typeof demo)
  const all = names.map((name) => index.client.project(name))
  await until(() => taken >= 4)
  await setTimeout(300)
  assert.equal(taken, 4)
  first.resolve()
  await Promise.all(all)
  assert.equal(taken, 12)
})
