import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

test('a file that lies in the folder already is taken where its digest is right, and replaced where it is not', async () => {
  await using at = await desk()
  const asked = sdist('demo', '1.0').file('demo.py', '').build()
  const other = sdist('demo', '1.0').file('demo.py', 'two = 2\n').build()
  const url = (bytes: Uint8Array) =>
    `file://${at.folder.join(asked.filename)}#sha256=${createHash('sha256').update(bytes).digest('hex')}`
  writeFileSync(at.folder.join(asked.filename), asked.bytes)
  const there = at.folder.join('out', asked.filename)
  mkdirSync(at.folder.join('out'))
  writeFileSync(there, other.bytes)
  const taken = await at.must(`download --no-deps ${url(other.bytes)} -d out`)
  assert.doesNotMatch(taken.error, /^warning:/m)
  assert.deepEqual(readFileSync(there), Buffer.from(other.bytes))
  const replaced = await at.must(`download --no-deps ${url(asked.bytes)} -d out`)
  assert.match(
    replaced.error,
    /^warning: ~\/out\/demo-1\.0\.tar\.gz is not the file that was asked for, and is replaced$/m,
  )
  assert.deepEqual(readFileSync(there), Buffer.from(asked.bytes))
})

test('a virtual environment that a shell still has on, and that is gone, is told of', async () => {
  await using at = await desk()
  at.offer(wheel('demo', '1.0').file('demo.py', ''))
  symlinkSync('env', at.folder.join('.venv'))
  const gone = { VIRTUAL_ENV: at.folder.join('gone') }
  const { code, error } = await at.run('install demo --dry-run', gone)
  assert.equal(code, 0)
  assert.match(error, /^warning: VIRTUAL_ENV is ~\/gone, which has no Python; \S+ is taken$/m)
  const named = await at.run('install demo --dry-run --python .venv', gone)
  assert.doesNotMatch(named.error, /^warning:/m)
  assert.equal((await at.run('list --timeout abc -o')).code, 2)
})
