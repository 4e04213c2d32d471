import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const whole = wheel('whole', '1.0').file('whole.py', '')
const broken = wheel('broken', '1.0').requires('missing').file('broken.py', '')

test('an install that fails leaves no folder where there was none, and takes none that was there', async () => {
  await using at = await desk()
  at.offer(whole, broken)
  const place = at.folder.join('new/deep')
  assert.equal((await at.run(`install broken --target ${place}`)).code, 1)
  assert.ok(!existsSync(at.folder.join('new')))
  await at.must(`install whole --target ${place}`)
  assert.deepEqual(readdirSync(place), ['whole-1.0.dist-info', 'whole.py'])
  await at.must(`uninstall -y whole --target ${place}`)
  assert.equal((await at.run(`install broken --target ${place}`)).code, 1)
  assert.deepEqual(readdirSync(place), [])
})

test('folders are as they were written where the tool was called, not where its process runs', async () => {
  await using at = await desk()
  at.offer(whole)
  const places = {
    '--target lib': 'lib/whole.py',
    '--root image': `image${at.sitePackages}/whole.py`,
  }
  for (const [words, file] of Object.entries(places)) {
    await at.must(`install whole ${words}`)
    assert.ok(existsSync(at.folder.join(file)), file)
  }
  await at.must('uninstall -y whole --target lib')
  assert.ok(!existsSync(at.folder.join('lib/whole.py')))
})

test('a cache that can be nowhere is said in a sentence', async () => {
  await using at = await desk()
  at.offer(whole)
  const { code, error } = await at.run('install whole', { XDG_CACHE_HOME: '/proc/nobody' })
  assert.equal(code, 1)
  assert.match(
    error,
    /^error: \/proc\/nobody cannot be written: the file system takes no folder there\. Choose another path\.$/m,
  )
})
