import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import type { DownloadSink } from '@cheeseshop/client'
import { temporaryFolder } from '@cheeseshop/testing'
import { CacheFolder } from '../cache/cache-folder.ts'
import { fetchFile, weightOf } from './fetch-file.ts'

const bytes = Buffer.from('the bytes of a wheel')
const file = { filename: 'demo-1.0-py3-none-any.whl', url: 'https://x.example/demo', yanked: false }
const client = {
  download: async (_: unknown, target: string | DownloadSink) => {
    if (typeof target === 'string') writeFileSync(target, bytes)
    else await target.write(bytes)
    return { size: bytes.length, hashes: { sha256: 'known' } }
  },
}

test('what was fetched is gone when it is let go, from memory and from the disk', async () => {
  await using folder = await temporaryFolder()
  const tools = { client, cache: new CacheFolder(folder.path) }
  let left: Uint8Array
  {
    await using fetched = await fetchFile({ ...file, hashes: {}, size: bytes.length }, tools)
    left = fetched.source as Uint8Array
    assert.ok(bytes.equals(left))
  }
  assert.equal(left.length, 0)
  let path: string
  {
    await using fetched = await fetchFile({ ...file, hashes: {} }, tools)
    path = fetched.source as string
    assert.ok(bytes.equals(readFileSync(path)))
  }
  assert.equal(existsSync(path), false)
})

test('bytes that were handed on are let go without a word', async () => {
  await using folder = await temporaryFolder()
  const tools = { client, cache: new CacheFolder(folder.path) }
  await using fetched = await fetchFile({ ...file, hashes: {}, size: bytes.length }, tools)
  structuredClone(fetched.source, { transfer: [(fetched.source as Uint8Array).buffer] })
})

test('a file counts for the memory that it takes, which is little when it goes to the disk', async () => {
  await using folder = await temporaryFolder()
  const tools = { client, cache: new CacheFolder(folder.path) }
  for (const size of [1000, 3 * 2 ** 20, 60 * 2 ** 20]) {
    await using fetched = await fetchFile({ ...file, hashes: {}, size }, tools)
    const held = typeof fetched.source === 'string' ? weightOf({}) : size
    assert.equal(weightOf({ size }), held)
  }
  assert.ok(weightOf({}) > 0, 'not any number of them at once')
})
