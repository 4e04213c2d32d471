import assert from 'node:assert/strict'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const base = wheel('base', '1.0').file('base.py', '')
const colour = wheel('colour', '2.0').file('colour.py', '')
const app = wheel('app', '1.0')
  .requires('base', 'colour; extra == "paint"')
  .header('Provides-Extra', 'paint')
  .file('app.py', '')

test('autoremove takes what came for others and is needed no more, and nothing else', async () => {
  await using at = await desk()
  at.offer(app, base, colour, wheel('other', '3.0').requires('base').file('other.py', ''))
  await at.must('install app[paint] other')
  const nothing = { code: 0, out: '', error: 'Nothing to remove: everything is needed\n' }
  assert.deepEqual(await at.run('autoremove -y'), nothing)

  await at.must('uninstall -y app')
  const preview = { code: 0, out: '', error: 'Would change:\n- colour 2.0\n' }
  assert.deepEqual(await at.run('autoremove --dry-run'), preview)
  assert.deepEqual(await at.run('autoremove --keep colour'), nothing)
  const { out } = await at.must('autoremove -y --report -')
  const { install, remove } = JSON.parse(out)
  assert.deepEqual(install, [])
  assert.deepEqual(remove, [{ name: 'colour', version: '2.0', location: at.locate('') }])
  assert.ok(!existsSync(join(at.sitePackages, 'colour.py')))
  assert.equal((await at.must('freeze')).out, 'base==1.0\nother==3.0\n')
})

test('autoremove spares what was put there by tools that do not tell what was asked for', async () => {
  await using at = await desk()
  at.offer(app, base)
  await at.must('install app')
  await at.must('uninstall -y app')
  const dist = join(at.sitePackages, 'base-1.0.dist-info')
  for (const installer of ['conda\n', '']) {
    writeFileSync(join(dist, 'INSTALLER'), installer)
    assert.match((await at.must('autoremove -y')).error, /^Nothing to remove/)
  }
  writeFileSync(join(dist, 'INSTALLER'), 'pip\n')
  assert.equal((await at.must('autoremove -y')).error, '- base 1.0\n')
  rmSync(at.sitePackages, { recursive: true })
  assert.match((await at.must('autoremove -y')).error, /^Nothing to remove/)
})

test('nothing goes when nobody can be asked; a dry run and a report change nothing', async () => {
  await using at = await desk()
  at.offer(base)
  await at.must('install base')
  const refused = await at.run('uninstall base')
  assert.equal(refused.code, 1)
  assert.equal(
    refused.error,
    'error: base 1.0 would be removed, and nobody can be asked\n\nhint: say --yes\n',
  )
  const dry = await at.must('uninstall base --dry-run --report -')
  assert.equal(dry.error, 'Would change:\n- base 1.0\n')
  assert.deepEqual(JSON.parse(dry.out).remove[0].name, 'base')
  assert.equal((await at.must('uninstall base --dry-run --format json')).out, dry.out)
  assert.deepEqual(await at.run('uninstall -y base other'), {
    code: 0,
    out: '',
    error: 'warning: other is not installed\n- base 1.0\n',
  })
})
