import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

/** A desk with a Python to make environments of. */
async function deskWithPython() {
  const at = await desk()
  const base = at.folder.join('python3.12')
  writeFileSync(base, '#!/bin/sh\n', { mode: 0o755 })
  const facts = at.folder.join('env', 'facts')
  writeFileSync(facts, readFileSync(facts, 'utf8').replace('/opt/python/bin/python3.12', base))
  return at
}

const made = (folder: string) =>
  `Python 3.12.1 in ${folder}\nActivate it with: source ${folder}/bin/activate\n`

test('venv makes an environment, with pip in it when it is asked for', async () => {
  await using at = await deskWithPython()
  at.offer(wheel('pip', '30.0').file('pip.py', ''))
  assert.deepEqual(await at.run('venv one'), { code: 0, out: '', error: made('one') })
  const { error } = await at.must('venv two --seed')
  assert.ok(error.endsWith(`+ pip 30.0\n${made('two')}`), error)
  assert.ok(existsSync(at.folder.join('two/lib/python3.12/site-packages/pip.py')))
})

test('venv empties nothing but an environment, and leaves what is to stay', async () => {
  await using at = await deskWithPython()
  await at.must('venv one')
  const again = await at.run('venv one')
  const says =
    'error: ~/one is an environment already. Choose another folder, or replace it with --clear.\n'
  assert.deepEqual([again.code, again.error], [1, says])
  assert.equal((await at.must('venv one --clear')).error, made('one'))
  mkdirSync(at.folder.join('project'))
  writeFileSync(at.folder.join('project/work.py'), '')
  const refused = await at.run('venv project --clear')
  assert.equal(refused.code, 1)
  assert.match(refused.error, /^error: ~\/project is no virtual environment \(it has "work.py"\)/)
  assert.equal((await at.must('venv project --allow-existing')).error, made('project'))
  assert.ok(existsSync(at.folder.join('project/work.py')))
})
