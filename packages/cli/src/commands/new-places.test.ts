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
