import assert from 'node:assert/strict'
import { chownSync, existsSync, lchownSync, readdirSync, statSync } from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'
import { otherOwnerOf } from './trusted-cache.ts'

const skip = process.geteuid?.() === 0 ? false : 'only root can give a folder to somebody else'

test('a cache is for whom it belongs to, and for all where it is of root', async () => {
  await using folder = await temporaryFolder()
  assert.equal(otherOwnerOf(folder.path), undefined)
  assert.equal(otherOwnerOf(folder.join('not/there')), undefined)
  assert.equal(otherOwnerOf('/'), undefined)
})

test('cache poisoning: root installs nothing out of the cache of somebody else', {
  skip,
}, async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0'))
  await at.must('install demo')
  await at.must('uninstall -y demo')
  const cache = at.folder.join('cache', 'cheese')
  const before = readdirSync(cache, { recursive: true }).sort()
  for (const path of ['', ...before].map((each) => `${cache}/${each}`)) lchownSync(path, 1234, 1234)
  const { error } = await at.must('install demo')
  assert.match(error, /cache ~\/cache\/cheese belongs to another user \(1234\).*does without/)
  assert.match(error, /^\+ demo 1\.0$/m)
  assert.deepEqual(readdirSync(cache, { recursive: true }).sort(), before)
  assert.equal(statSync(`${cache}/${before.at(-1)}`).uid, 1234)
  // Nor does root make one where somebody else could replace it.
  chownSync(at.folder.path, 1234, 1234)
  const elsewhere = at.folder.join('new')
  const { error: again } = await at.run('list --outdated', { XDG_CACHE_HOME: elsewhere })
  assert.equal(existsSync(elsewhere), false, again)
  const named = await at.run(`install demo --cache-dir ${elsewhere}`)
  assert.doesNotMatch(named.error, /another user/)
})
