import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { recordDigest } from './record-digest.ts'

test('files of every length have the digests that OpenSSL gives them', () => {
  for (const length of [...Array(300).keys(), 4096, 16_383, 16_384, 16_385, 100_000]) {
    for (const bytes of [randomBytes(length), Buffer.alloc(length, 0xff)])
      assert.equal(recordDigest(bytes), hash('sha256', bytes, 'base64url'), `${length} bytes`)
  }
})
