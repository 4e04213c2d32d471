import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashesOf } from './direct-address.ts'

test('a hash in a URL is read, and one that nothing can match is refused', () => {
  const digest = 'AB'.repeat(32)
  assert.deepEqual(hashesOf(`egg=demo&sha256=${digest}`), { sha256: digest.toLowerCase() })
  assert.deepEqual(hashesOf('egg=demo'), {})
  for (const wrong of ['invalidhash', '', 'ab', `${digest}00`, `${digest} `]) {
    assert.throws(() => hashesOf(`sha256=${wrong}&egg=demo`), /is no sha256 digest/)
  }
})
