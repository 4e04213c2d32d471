import assert from 'node:assert/strict'
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const project = (name: string, version = '1.0') => wheel(name, version).file(`${name}.py`, '')

test('check tells what is for another platform, and what requires something nobody can read', async () => {
  await using at = await desk()
  at.offer(project('base'))
  await at.must('install base')
  assert.equal((await at.must('check')).out, 'No broken requirements found.\n')
  const inBase = (name: string) => join(at.sitePackages, 'base-1.0.dist-info', name)
  const tagged = readFileSync(inBase('WHEEL'), 'utf8')
  // One tag of several is enough to be for here.
  writeFileSync(inBase('WHEEL'), `${tagged}Tag: cp310-cp310-win_amd64\n`)
  assert.equal((await at.run('check')).code, 0)
  writeFileSync(inBase('WHEEL'), tagged.replace('py3-none-any', 'cp310-cp310-win_amd64'))
  const foreign = await at.run('check')
  assert.deepEqual([foreign.code, foreign.out], [1, 'base 1.0 is not supported on this platform\n'])
  assert.equal(JSON.parse((await at.run('check --format json')).out)[0].kind, 'foreign')
  writeFileSync(inBase('WHEEL'), tagged)
  const metadata = readFileSync(inBase('METADATA'), 'utf8')
  writeFileSync(inBase('METADATA'), metadata.replace('\n\n', '\nRequires-Dist: lib ; ;\n\n'))
  const unreadable = await at.run('check')
  assert.equal(unreadable.code, 1)
  assert.equal(
    unreadable.error,
    'warning: base 1.0 has a requirement that cannot be read: "lib ; ;"\n',
  )
})

test('check tells what has no metadata, metadata of something else, or is there twice', async () => {
  await using at = await desk()
  at.offer(project('base'), project('other'), project('third'))
  await at.must('install base other third')
  const metadata = (name: string) => join(at.sitePackages, `${name}-1.0.dist-info`, 'METADATA')
  writeFileSync(metadata('base'), 'torn')
  writeFileSync(metadata('other'), 'Metadata-Version: 2.1\nName: other\nVersion: 2.0\n')
  const again = join(at.sitePackages, 'third-2.0.dist-info')
  cpSync(join(at.sitePackages, 'third-1.0.dist-info'), again, { recursive: true })
  const out = `base 1.0 has no metadata that can be read
other 1.0 has metadata of something else ("other 2.0")
third 1.0 is there a second time, as 2.0
`
  assert.deepEqual(await at.run('check'), { code: 1, out, error: '' })
  const kinds = JSON.parse((await at.run('check --format json')).out).map(
    (each: { kind: string }) => each.kind,
  )
  assert.deepEqual(kinds, ['torn', 'torn', 'doubled'])
})

test('show and freeze go by the folder of what has no metadata, and say so', async () => {
  await using at = await desk()
  at.offer(wheel('base', '1.0').file('base.py', ''), wheel('whole', '1.0').file('whole.py', ''))
  await at.must('install base whole')
  rmSync(join(at.sitePackages, 'base-1.0.dist-info', 'METADATA'))
  const error = 'warning: base 1.0 has no metadata that can be read\n'
  assert.deepEqual(await at.run('freeze'), { code: 0, out: 'base==1.0\nwhole==1.0\n', error })
  assert.equal((await at.must('show base whole')).error, error)
  assert.equal((await at.must('show whole')).error, '')
})

test('what is there and cannot be read is told once, and is no soundness', async () => {
  await using at = await desk()
  at.offer(project('base'))
  await at.must('install base')
  mkdirSync(join(at.sitePackages, '~ase-1.0.dist-info'))
  const told = (text: string) => text.match(/~ase-1\.0\.dist-info is not a whole/g)?.length
  const { code, out, error } = await at.run('check')
  assert.deepEqual([code, out, told(error)], [1, '', 1])
  assert.equal(told((await at.must('uninstall -y base')).error), 1)
})

test('an install warns of what it broke, and not of what was broken before', async () => {
  await using at = await desk()
  at.offer(project('base'), project('base', '2.0'), project('app').requires('base<2'))
  at.offer(project('torn').requires('missing'), project('other'))
  await at.must('install app')
  await at.must('install torn --no-deps')
  assert.ok(!(await at.must('install other')).error.includes('warning'))
  const { error } = await at.must('install base==2.0')
  assert.match(error, /^warning: app 1\.0 has requirement base<2, but you have base 2\.0\.$/m)
  assert.ok(!error.includes('torn'))
})

test('damaged metadata of what is installed leads to no other version of it', async () => {
  await using at = await desk()
  at.offer(project('base', '0.9'), project('base'), project('app').requires('base'))
  await at.must('install base')
  const path = join(at.sitePackages, 'base-1.0.dist-info', 'METADATA')
  writeFileSync(path, `${readFileSync(path, 'utf8').trimEnd()}\nRequires-Dist: lib ; ;\n`)
  assert.match((await at.must('install app')).error, /\n\+ app 1\.0\n$/)
  assert.equal((await at.must('freeze')).out, 'app==1.0\nbase==1.0\n')
})
