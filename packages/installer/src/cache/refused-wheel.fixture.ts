/** What must hold whenever the cache refuses a wheel. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import type { BuiltDistribution } from '@cheeseshop/testing'
import type { Workshop } from '../workshop.fixture.ts'
import { InvalidWheel } from './invalid-wheel.ts'

/** Adds a wheel of `demo` 1.0 or `large` 2.0: it is refused by this code, for this entry, and leaves nothing behind. */
export async function assertRefused(
  shop: Workshop,
  built: BuiltDistribution,
  code: string,
  entry?: string,
) {
  await assert.rejects(shop.add(built), (error) => {
    assert.ok(error instanceof InvalidWheel, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, /^The wheel demo-1\.0|^The wheel large-2\.0/)
    if (entry !== undefined) {
      assert.equal(error.entry, entry)
      assert.ok(error.message.includes(entry), error.message)
    }
    return true
  })
  assert.deepEqual(readdirSync(shop.cacheFolder.join('tmp')), [])
}
