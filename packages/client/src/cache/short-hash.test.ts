import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shortHash } from './short-hash.ts'

test('many keys that differ a little have names that differ, of sixteen digits', () => {
  const urls = Array.from({ length: 100_000 }, (_, at) => `https://index.example/simple/a${at}/`)
  const names = new Set([...urls, ...urls.map((url) => `${url} `)].map(shortHash))
  assert.equal(names.size, 200_000)
  assert.ok([...names].every((name) => /^[0-9a-f]{16}$/.test(name)))
  assert.equal(shortHash(urls[0]!), shortHash(`${urls[0]}`))
})
