import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { openLocalStore } from '../storage/local.ts'
import { testIndex } from '../testing/test-index.ts'
import { releaseMemory, takeMemory } from './send-memory.ts'

test('many transfers through the same memory bring nobody the bytes of another', async () => {
  await using folder = await temporaryFolder()
  await using index = await testIndex({ domain: { blobs: await openLocalStore(folder.path) } })
  const token = await index.token()
  const files: string[] = []
  for (const version of ['1.0', '2.0', '3.0']) {
    const built = wheel('demo', version).file('demo/data.bin', randomBytes(2_500_000)).build()
    assert.equal((await index.upload(built, token)).status, 200)
    files.push(createHash('sha256').update(built.bytes).digest('hex'))
  }
  const url = await index.url()
  const headers = { accept: 'application/vnd.pypi.simple.v1+json' }
  const page = (await (await fetch(`${url}/simple/demo/`, { headers })).json()) as {
    files: { url: string }[]
  }
  const transfers = Array.from({ length: 60 }, async (_, at) => {
    const which = at % files.length
    const response = await fetch(new URL(page.files[which]!.url, `${url}/simple/demo/`))
    // Some clients go away in the middle.
    if (at % 5 === 4) {
      await response.body?.cancel()
      return
    }
    const digest = createHash('sha256').update(new Uint8Array(await response.arrayBuffer()))
    assert.equal(digest.digest('hex'), files[which])
  })
  await Promise.all(transfers)
})

test('a crowd gets small pieces, and large ones are used again', () => {
  const taken = Array.from({ length: 100 }, takeMemory)
  const large = taken.filter(({ length }) => length === 1024 * 1024)
  assert.equal(large.length, 32)
  assert.ok(taken.reduce((sum, { length }) => sum + length, 0) < 40_000_000)
  for (const memory of taken) releaseMemory(memory)
  assert.ok(large.includes(takeMemory()))
})
