import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { test } from 'node:test'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'
import { objectionToCache } from './trusted-cache.ts'

const skip = process.geteuid?.() === 0 ? false : 'only root can give a folder to somebody else'

test('a cache is for whom it belongs to, and for all where it is of root', async () => {
  await using folder = await temporaryFolder()
  assert.equal(objectionToCache(folder.path), undefined)
  assert.equal(objectionToCache(folder.join('not/there')), undefined)
  assert.equal(objectionToCache('/'), undefined)
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

test('a home that this user cannot enter has neither a cache nor a configuration for it', {
  skip,
}, async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0'))
  const home = at.folder.join('home-of-root')
  mkdirSync(`${home}/.pip`, { recursive: true })
  writeFileSync(`${home}/.pip/pip.conf`, '[global]\nindex-url = https://not.used.example/\n')
  const nobody = 65534
  for (const path of ['', ...(readdirSync(at.folder.path, { recursive: true }) as string[])])
    lchownSync(`${at.folder.path}/${path}`, nobody, nobody)
  chownSync(home, 0, 0)
  chmodSync(home, 0o700)
  const locked = { HOME: home, XDG_CACHE_HOME: `${home}/.cache`, PIP_CONFIG_FILE: '' }
  process.setegid!(nobody)
  process.seteuid!(nobody)
  try {
    const { error } = await at.run('install demo', locked)
    assert.match(
      error,
      /^warning: the cache \S+home-of-root\S* cannot be reached or made \(this user may not do that\); this run/m,
    )
    assert.match(error, /^\+ demo 1\.0$/m)
  } finally {
    process.seteuid!(0)
    process.setegid!(0)
  }
})
