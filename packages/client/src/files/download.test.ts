import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { ProjectFile } from '@cheeseshop/packaging'
import { type Script, sendFile, serve, temporaryFolder } from '@cheeseshop/testing'
import { failure, fileAt, opened } from '../testing/opened.ts'

const bytes = randomBytes(300_000)
const digest = (name: string) => createHash(name).update(bytes).digest('hex')
const sha256 = digest('sha256')
const path = '/files/demo-1.0.tar.gz'

/** Downloads to a path; what is there afterwards, and what was asked for. */
async function download(script: Script, file: Partial<ProjectFile> = {}, limits: object = {}) {
  await using folder = await temporaryFolder()
  await using server = await serve(script)
  using index = opened({ limits })
  const progress: number[] = []
  const result = await index.client
    .download(
      fileAt(server.url + path, { hashes: { sha256 }, ...file }),
      folder.join('demo.tar.gz'),
      (received) => progress.push(received),
    )
    .catch((error) => error)
  const names = readdirSync(folder.path)
  return {
    result,
    names,
    content: names.length === 1 ? readFileSync(folder.join(names[0]!)) : undefined,
    ranges: server.requests.map(({ headers }) => headers.range),
    requests: server.requests,
    progress,
  }
}

const whole: Script = (request, response) => sendFile({ [path]: bytes }, request, response)

test('a file arrives whole, with its size and digest, and its progress is told', async () => {
  const { result, names, content, progress } = await download(whole, { size: bytes.length })
  assert.deepEqual(result, { size: bytes.length, hashes: { sha256 } })
  assert.deepEqual(names, ['demo.tar.gz'])
  assert.deepEqual(content, bytes)
  assert.equal(progress.at(-1), bytes.length)
  assert.ok(progress.length > 1)
})

test('the strong digests are all checked, a weak one only where it stands alone', async () => {
  const sha512 = digest('sha512')
  const good = await download(whole, { hashes: { sha512, md5: '00' } })
  assert.deepEqual(good.result.hashes, { sha256, sha512 })
  const weak = await download(whole, { hashes: { md5: digest('md5') } })
  assert.deepEqual(weak.result.hashes, { sha256, md5: digest('md5') })
  const wrong: Record<string, string>[] = [{ sha256, sha512: '00' }, { md5: '00' }, { sha1: '00' }]
  for (const hashes of wrong) {
    const { result, names } = await download(whole, { hashes })
    assert.equal(result.code, 'digest-mismatch')
    assert.deepEqual(names, [])
  }
  const unknown = await download(whole, { hashes: { crc99: '00' } })
  assert.equal(unknown.result.size, bytes.length)
})

test('a wrong digest leaves nothing, tells both digests, and is not tried again', async () => {
  const { result, names, requests } = await download(whole, { hashes: { sha256: 'ab'.repeat(32) } })
  assert.equal(result.code, 'digest-mismatch')
  assert.ok(result.message.includes(sha256) && result.message.includes('ab'.repeat(32)))
  assert.deepEqual(names, [])
  assert.equal(requests.length, 1)
})

test('a size that differs from the page is refused before the body, or when the body goes on', async () => {
  for (const size of [bytes.length - 1, bytes.length + 1]) {
    const told = await download(whole, { size })
    assert.equal(told.result.code, 'size-mismatch')
    assert.deepEqual(told.progress, [])
    const chunked: Script = (_, response) => {
      response.write(bytes)
      response.end()
    }
    const untold = await download(chunked, { size, hashes: {} })
    assert.equal(untold.result.code, 'size-mismatch')
    assert.deepEqual([told.names, untold.names], [[], []])
  }
})

test('a file of unknown size ends at the limit', async () => {
  const endless: Script = (_, response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked' })
    response.on('drain', () => response.write(bytes))
    response.write(bytes)
  }
  const { result, names, progress } = await download(endless, {}, { file: 1_000_000 })
  assert.equal(result.code, 'size-mismatch')
  assert.deepEqual(names, [])
  assert.ok(progress.length === 0 || progress.at(-1)! <= 1_000_000)
})

test('disk filling: a page that says a file is larger than the limit does not lift it', async () => {
  for (const size of [1_000_001, Number.MAX_SAFE_INTEGER]) {
    const { result, names, requests } = await download(whole, { size }, { file: 1_000_000 })
    assert.equal(result.code, 'too-large')
    assert.match(result.message, /is said to have \d+ bytes/)
    assert.deepEqual([names, requests], [[], []])
  }
})

/** Sends the first part of the file, then drops the connection. */
function breakOff(response: ServerResponse, headers: object, length = 100_000): void {
  response.writeHead(200, { 'content-length': bytes.length, ...headers })
  response.write(bytes.subarray(0, length), () => setTimeout(() => response.socket?.destroy(), 20))
}

for (const [name, validator] of [
  ['ETag', { etag: '"abc"' }],
  ['date', { 'last-modified': 'Fri, 01 May 2026 00:00:00 GMT' }],
] as const) {
  test(`a broken connection is resumed where it stopped, bound to the file's ${name}`, async () => {
    const { result, content, ranges, requests } = await download((request, response, count) => {
      if (count === 0) breakOff(response, validator)
      else whole(request, response, count)
    })
    assert.equal(result.size, bytes.length)
    assert.deepEqual(content, bytes)
    assert.deepEqual(ranges, [undefined, 'bytes=100000-'])
    assert.equal(requests[1]!.headers['if-range'], Object.values(validator)[0])
  })
}

test('a file that has changed since begins anew', async () => {
  const { result, content } = await download((_, response, count) => {
    if (count === 0) breakOff(response, { etag: '"old"' })
    else response.writeHead(200, { etag: '"new"' }).end(bytes)
  })
  assert.equal(result.size, bytes.length)
  assert.deepEqual(content, bytes)
})

test('without a strong ETag or a date, and where ranges are not served, it begins anew', async () => {
  for (const headers of [{}, { etag: 'W/"weak"' }, { etag: '"x"', 'accept-ranges': 'none' }]) {
    const { result, ranges } = await download((request, response, count) => {
      if (count === 0) breakOff(response, headers)
      else whole(request, response, count)
    })
    assert.equal(result.size, bytes.length)
    assert.deepEqual(ranges, [undefined, undefined])
  }
})

for (const [name, answer] of [
  ['416', (response: ServerResponse) => response.writeHead(416).end()],
  ['412', (response: ServerResponse) => response.writeHead(412).end()],
  [
    'another part',
    (response: ServerResponse) =>
      response.writeHead(206, { 'content-range': `bytes 5-9/${bytes.length}` }).end('12345'),
  ],
] as const) {
  test(`a server that answers the range with ${name} is asked for everything`, async () => {
    const { result, content, ranges } = await download((request, response, count) => {
      if (count === 0) breakOff(response, { etag: '"x"' })
      else if (count === 1) answer(response)
      else whole(request, response, count)
    })
    assert.equal(result.size, bytes.length)
    assert.deepEqual(content, bytes)
    assert.deepEqual(ranges, [undefined, 'bytes=100000-', undefined])
  })
}

test('a connection that always breaks is given up, and leaves nothing', async () => {
  const { result, names, requests } = await download((_, response) => breakOff(response, {}))
  assert.equal(result.code, 'connection')
  assert.match(result.message, /closed after 100000 bytes/)
  assert.deepEqual(names, [])
  assert.equal(requests.length, 3)
})

test('a server that sends less than it announced is not believed', async () => {
  const { result, names } = await download(
    (_, response) => {
      response.writeHead(200, { 'content-length': 1000, connection: 'close' })
      response.write('short', () => response.socket?.end())
    },
    { hashes: {} },
  )
  assert.equal(result.code, 'connection')
  assert.deepEqual(names, [])
})

test('files are asked for as they are stored', async () => {
  const { requests } = await download(whole)
  assert.equal(requests[0]!.headers['accept-encoding'], 'identity')
})

test('a sink gets the bytes in order, and hears when they begin anew', async () => {
  await using server = await serve((request, response, count) => {
    if (count === 0) breakOff(response, {})
    else whole(request, response, count)
  })
  using index = opened({})
  let chunks: Uint8Array[] = []
  let restarts = 0
  const sink = {
    async write(chunk: Uint8Array) {
      await new Promise((resolve) => setImmediate(resolve))
      chunks.push(chunk)
    },
    restart() {
      restarts++
      chunks = []
    },
  }
  await index.client.download(fileAt(server.url + path, { hashes: { sha256 } }), sink)
  assert.deepEqual(Buffer.concat(chunks), bytes)
  assert.equal(restarts, 1)
})

test('an error of the sink is its own, and not tried again', async () => {
  await using server = await serve(whole)
  using index = opened({})
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  const writes = [
    () => {
      throw full
    },
    () => Promise.reject(full),
  ]
  for (const write of writes) {
    const sink = { write, restart() {} }
    await assert.rejects(index.client.download(fileAt(server.url + path), sink), full)
  }
  assert.equal(server.requests.length, 2)
})

test('an older file stays until the new one is whole', async () => {
  await using folder = await temporaryFolder()
  await using server = await serve(whole)
  using index = opened({})
  writeFileSync(folder.join('x'), 'old')
  const file = fileAt(server.url + path, { hashes: { sha256: '00' } })
  await failure(index.client.download(file, folder.join('x')))
  assert.equal(readFileSync(folder.join('x'), 'utf8'), 'old')
  await index.client.download({ ...file, hashes: { sha256 } }, folder.join('x'))
  assert.deepEqual(readFileSync(folder.join('x')), bytes)
})

test('a file on this machine is checked like any other', async () => {
  await using folder = await temporaryFolder()
  writeFileSync(folder.join('demo-1.0.tar.gz'), bytes)
  const file = fileAt(pathToFileURL(folder.join('demo-1.0.tar.gz')).href, { hashes: { sha256 } })
  using index = opened({})
  const { size } = await index.client.download(file, folder.join('copy'))
  assert.equal(size, bytes.length)
  const wrong = { ...file, hashes: { sha256: '00' } }
  assert.equal(
    (await failure(index.client.download(wrong, folder.join('no')))).code,
    'digest-mismatch',
  )
  const missing = fileAt(pathToFileURL(folder.join('missing.tar.gz')).href)
  assert.equal((await failure(index.client.download(missing, folder.join('no')))).code, 'not-found')
  assert.deepEqual(readdirSync(folder.path).sort(), ['copy', 'demo-1.0.tar.gz'])
})
