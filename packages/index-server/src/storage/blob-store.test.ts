import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { blobStoreContract } from '../testing/blob-store-contract.ts'
import { keepBytes, stageBytes } from './blob-store.ts'
import { openLocalStore } from './local.ts'
import { memoryStore } from './memory.ts'

blobStoreContract('memory', async (clock) => memoryStore(clock))

blobStoreContract('local', async (clock) => {
  const folder = await temporaryFolder()
  const store = await openLocalStore(folder.path, { clock })
  return Object.assign(store, { [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() })
})

describe('local blob store', () => {
  it('leaves one file with two folders above it and nothing in staging', async () => {
    await using folder = await temporaryFolder()
    const store = await openLocalStore(folder.path)
    const bytes = randomBytes(100_000)
    await keepBytes(store, bytes)
    const refused = await stageBytes(store, bytes)
    await refused.discard()
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    assert.deepEqual(
      (await readdir(folder.path, { recursive: true })).sort(),
      [
        sha256.slice(0, 2),
        `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}`,
        `${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`,
        'staging',
      ].sort(),
    )
    await using stored = await store.open(sha256)
    assert.deepEqual(await readFile(stored!.path!), bytes)
  })

  it('is shared by several processes', async () => {
    await using folder = await temporaryFolder()
    const stores = [await openLocalStore(folder.path), await openLocalStore(folder.path)]
    const { sha256 } = await keepBytes(stores[0]!, Buffer.from('hello'))
    assert.equal((await stores[1]!.stat(sha256))?.size, 5)
    await keepBytes(stores[1]!, Buffer.from('hello'))
    assert.equal((await Array.fromAsync(stores[0]!.list())).length, 1)
  })

  it('reads what is staged, little or much, whatever becomes of the buffer it came in', async () => {
    await using folder = await temporaryFolder()
    const store = await openLocalStore(folder.path)
    for (const size of [2000, 300_000]) {
      const expected = randomBytes(size)
      const writer = await store.stage()
      const buffer = Buffer.alloc(1000)
      for (let at = 0; at < size; at += buffer.length) {
        expected.copy(buffer, 0, at)
        await writer.write(buffer)
      }
      const staged = await writer.finish()
      assert.deepEqual(Buffer.from(await staged.read(500, size + 1)), expected.subarray(500))
      await staged.discard()
    }
  })
})
