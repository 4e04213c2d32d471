import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const project = (name: string, version: string) => wheel(name, version).file(`${name}.py`, '')

test('install -P upgrades the projects named, and keeps all others', async () => {
  await using at = await desk()
  at.offer(
    project('app', '1.0').requires('one', 'two'),
    project('one', '1.0'),
    project('two', '1.0'),
  )
  await at.must('install app')
  at.offer(
    project('app', '2.0').requires('one', 'two'),
    project('one', '2.0'),
    project('two', '2.0'),
  )
  const { error } = await at.must('install app -P one')
  assert.match(error, /\n~ one 1\.0 -> 2\.0\n$/)
  assert.equal((await at.must('freeze')).out, 'app==1.0\none==2.0\ntwo==1.0\n')
})

test('lock -P lets go of the versions of the projects named, and of no others', async () => {
  await using at = await desk()
  at.offer(project('one', '1.0'), project('two', '1.0'))
  await at.must('lock one two -o requirements.txt')
  at.offer(project('one', '2.0'), project('two', '2.0'))
  await at.must('lock one two -o requirements.txt -P Two')
  const text = readFileSync(at.folder.join('requirements.txt'), 'utf8')
  assert.deepEqual(text.match(/^\w+==\S+/gm), ['one==1.0', 'two==2.0'])
})
