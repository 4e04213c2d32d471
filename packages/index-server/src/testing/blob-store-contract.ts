/** What every blob store must do; each backend runs it. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type FixedClock, fixedClock } from '@cheeseshop/testing'
import { type BlobStore, keepBytes, stageBytes } from '../storage/blob-store.ts'

/** Opens an empty store whose ages follow the clock. */
export type OpenTestStore = (clock: FixedClock) => Promise<BlobStore & Partial<AsyncDisposable>>

const HELLO = {
  sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
  blake2b_256: '324dcf027dd4a30a932c441f365a25e86b173defa4b8e58948253471b81b72cf',
  md5: '5d41402abc4b2a76b9719d911017c592',
}
const HOUR = 3_600_000
const bytes = (text: string) => new TextEncoder().encode(text)

export function blobStoreContract(name: string, open: OpenTestStore): void {
  describe(`blob store: ${name}`, () => {
    for (const [title, check] of Object.entries(contract)) {
      it(title, async () => {
        const clock = fixedClock()
        const store = await open(clock)
        try {
          await check(store, clock)
        } finally {
          await store[Symbol.asyncDispose]?.()
        }
      })
    }
  })
}

const contract: Record<string, (store: BlobStore, clock: FixedClock) => Promise<void>> = {
  async 'keeps bytes under their digest, written in any pieces'(store, clock) {
    await using writer = await store.stage()
    for (const piece of ['he', '', 'l', 'lo']) await writer.write(bytes(piece))
    assert.equal(writer.size, 5)
    await using staged = await writer.finish()
    assert.deepEqual(staged.digests, HELLO)
    await staged.keep()
    await using stored = await store.open(HELLO.sha256)
    assert.equal(stored?.size, 5)
    assert.deepEqual(stored?.storedAt, clock())
    assert.equal(text(await stored!.read(0, 5)), 'hello')
    assert.deepEqual(await store.stat(HELLO.sha256), { size: 5, storedAt: clock() })
  },

  async 'reads any part, and no further than the end'(store) {
    await using staged = await stageBytes(store, bytes('hello'))
    assert.equal(text(await staged.read(1, 3)), 'el')
    assert.equal(text(await staged.read(3, 99)), 'lo')
    await staged.keep()
    await using stored = await store.open(HELLO.sha256)
    assert.equal(text(await stored!.read(1, 3)), 'el')
    assert.equal(text(await stored!.read(3, 99)), 'lo')
    assert.equal(text(await stored!.read(7, 9)), '')
  },

  async 'keeps an empty blob'(store) {
    const { sha256 } = await keepBytes(store, bytes(''))
    await using stored = await store.open(sha256)
    assert.equal(stored?.size, 0)
  },

  async 'shows nothing before it is kept, nothing when it is discarded'(store) {
    const staged = await stageBytes(store, bytes('hello'))
    assert.equal(await store.open(HELLO.sha256), undefined)
    await staged.discard()
    await staged.discard()
    assert.equal(await store.open(HELLO.sha256), undefined)
    assert.deepEqual(await listed(store), [])
  },

  async 'renews the age of bytes that are kept again'(store, clock) {
    await keepBytes(store, bytes('hello'))
    clock.advance(30 * HOUR)
    await keepBytes(store, bytes('hello'))
    assert.deepEqual((await store.stat(HELLO.sha256))?.storedAt, clock())
    assert.deepEqual(await listed(store), [HELLO.sha256])
  },

  async 'can keep again what was deleted in between'(store) {
    await using staged = await stageBytes(store, bytes('hello'))
    await staged.keep()
    await store.delete(HELLO.sha256)
    assert.equal(await store.stat(HELLO.sha256), undefined)
    assert.equal(text(await staged.read(0, 5)), 'hello')
    await staged.keep()
    assert.equal((await store.stat(HELLO.sha256))?.size, 5)
  },

  async 'keeps the same bytes from many uploads at once'(store) {
    await Promise.all(Array.from({ length: 20 }, () => keepBytes(store, bytes('hello'))))
    assert.deepEqual(await listed(store), [HELLO.sha256])
  },

  async 'lets who has a blob open read on after it is deleted'(store) {
    await keepBytes(store, bytes('hello'))
    await using stored = await store.open(HELLO.sha256)
    await store.delete(HELLO.sha256)
    await store.delete(HELLO.sha256)
    assert.equal(text(await stored!.read(0, 5)), 'hello')
    assert.equal(await store.open(HELLO.sha256), undefined)
  },

  async 'lists every blob with size and age'(store, clock) {
    await keepBytes(store, bytes('hello'))
    await keepBytes(store, bytes('world!'))
    const all = await Array.fromAsync(store.list())
    assert.deepEqual(all.map((blob) => blob.size).sort(), [5, 6])
    assert.ok(all.every((blob) => blob.storedAt.getTime() === clock().getTime()))
  },

  async 'takes no path for a digest'(store) {
    await keepBytes(store, bytes('hello'))
    for (const name of ['', '..', '../../etc/passwd', HELLO.sha256.toUpperCase()]) {
      assert.equal(await store.open(name), undefined)
      assert.equal(await store.stat(name), undefined)
      await store.delete(name)
    }
    assert.deepEqual(await listed(store), [HELLO.sha256])
  },

  async 'discards what a crash left staged, and nothing newer'(store) {
    const left = await store.stage()
    await left.write(bytes('half'))
    assert.equal(await store.discardStagedBefore(new Date(Date.UTC(2020, 0))), 0)
    assert.equal(await store.discardStagedBefore(new Date(Date.UTC(2099, 0))), 1)
    assert.equal(await store.discardStagedBefore(new Date(Date.UTC(2099, 0))), 0)
    await left.discard()
  },
}

async function listed(store: BlobStore): Promise<string[]> {
  const blobs = await Array.fromAsync(store.list())
  return blobs.map((blob) => blob.sha256)
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
