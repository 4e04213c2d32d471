import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { type Script, serve, temporaryFolder, wheel } from '@cheeseshop/testing'
import { fileAt, opened } from '../testing/opened.ts'

/** Larger than what one look at its end brings. */
const large = wheel('demo', '1.0').file('demo/data.bin', randomBytes(400_000)).build()
const path = `/files/${large.filename}`
const withoutRanges: Script = (_, response) => void response.end(large.bytes)

test('a whole wheel that had to be downloaded is there for who downloads it, once', async () => {
  await using server = await serve(withoutRanges)
  await using folder = await temporaryFolder()
  using index = opened({})
  const file = fileAt(server.url + path)
  await index.client.metadata(file)
  const asked = server.requests.length
  const { hashes } = await index.client.download(file, folder.join('one'))
  assert.deepEqual(hashes, { sha256: createHash('sha256').update(large.bytes).digest('hex') })
  assert.deepEqual(readFileSync(folder.join('one')), Buffer.from(large.bytes))
  assert.equal(server.requests.length, asked)
  await index.client.download(file, folder.join('two'))
  assert.equal(server.requests.length, asked + 1)
})

test('a server that answers a part with all of the file is not asked for it again', async () => {
  await using server = await serve(withoutRanges)
  using index = opened({})
  const metadata = await index.client.metadata(fileAt(server.url + path))
  assert.equal(metadata?.toString(), large.metadata)
  assert.deepEqual(
    server.requests.map(({ headers }) => headers.range),
    ['bytes=-98304'],
  )
  assert.deepEqual(
    index.events.filter(({ type }) => type === 'warning'),
    [],
  )
})

test('an answer with all of the file that breaks off is asked for again', async () => {
  await using server = await serve((_, response, count) => {
    if (count > 0) return void response.end(large.bytes)
    response.writeHead(200, { 'content-length': large.bytes.length })
    response.write(large.bytes.subarray(0, 200_000), () => response.destroy())
  })
  await using folder = await temporaryFolder()
  using index = opened({})
  const file = fileAt(server.url + path)
  assert.equal((await index.client.metadata(file))?.toString(), large.metadata)
  await index.client.download(file, folder.join('demo'))
  assert.deepEqual(readFileSync(folder.join('demo')), Buffer.from(large.bytes))
  assert.equal(server.requests.length, 2)
})

test('nothing of a whole wheel is left when the client is closed', async () => {
  await using server = await serve(withoutRanges)
  await using folder = await temporaryFolder()
  const { TMPDIR } = process.env
  process.env['TMPDIR'] = folder.path
  try {
    using index = opened({})
    await index.client.metadata(fileAt(server.url + path))
    assert.equal(readdirSync(folder.path).length, 1)
  } finally {
    if (TMPDIR === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = TMPDIR
  }
  assert.deepEqual(readdirSync(folder.path), [])
})
