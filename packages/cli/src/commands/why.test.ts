import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'

const base = (version: string) => wheel('base', version).file('base.py', '')
const middle = (version: string, wants: string) =>
  wheel('middle', version).requires(wants).file('middle.py', '')

/** app -> middle 1.0 -> base<2, with newer ones of both beside them. */
async function setUp() {
  const at = await desk()
  at.offer(base('1.5'), middle('1.0', 'base<2'), wheel('app', '1.0').requires('middle'))
  at.offer(wheel('other', '1.0').requires('base>=1'))
  await at.must('install app other')
  at.offer(base('2.0'), base('2.1'), base('3.0').tag('cp311-cp311-win_amd64'), base('4.0rc1'))
  return at
}

test('why tells who brought a project here, and what keeps newer versions away', async () => {
  await using at = await setUp()
  assert.deepEqual(await at.run('why base'), {
    code: 0,
    out: `base 1.5 was not asked for by name
  app 1.0 -> middle 1.0 -> base 1.5 [<2]
  other 1.0 -> base 1.5 [>=1]
not 4.0rc1: it is not what middle 1.0 wants (<2)
not 3.0: it has no wheel for cp312 on linux_x86_64 (only for cp311 on win_amd64)
not 2.0 to 2.1: it is not what middle 1.0 wants (<2)
`,
    error: '',
  })
  assert.equal(
    (await at.must('why app')).out,
    'app 1.0 was asked for by name\nthere is no newer version\n',
  )
  await at.must('uninstall -y app other')
  assert.match((await at.must('why middle')).out, /by name, and nothing that is installed needs it/)
  const { chains, newer } = JSON.parse((await at.must('why base --format json')).out)
  assert.equal(chains[0].length, 2)
  assert.equal(newer.length, 3)
})

test('why explains what stands against a version, and finds the way to it', async () => {
  await using at = await setUp()
  const refused = await at.run('why base==2.0')
  assert.equal(refused.code, 1)
  assert.match(refused.out, /^base==2\.0 cannot be here, whatever else changes:\n.*middle/s)
  at.offer(middle('1.1', 'base>=2'))
  const { code, out, error } = await at.run('why base==2.0')
  assert.equal(code, 0)
  assert.match(
    out,
    /^base==2\.0 does not go with everything else as it is:\n.*\nbase==2\.0 can be had with 2 changes:\n$/s,
  )
  assert.match(error, /^~ base 1\.5 -> 2\.0\n~ middle 1\.0 -> 1\.1\n$/m)
  const { possible, changes } = JSON.parse((await at.must('why base==2.0 --format json')).out)
  assert.equal(possible, true)
  assert.deepEqual(changes.install.map(({ name }: { name: string }) => name).sort(), [
    'base',
    'middle',
  ])
  assert.equal((await at.must('freeze')).out, 'app==1.0\nbase==1.5\nmiddle==1.0\nother==1.0\n')
})

test('why goes straight to what fits, and to what is not installed at all', async () => {
  await using at = await setUp()
  at.offer(base('1.6'), wheel('new', '1.0').requires('base>=1.6'))
  const fits = await at.run('why base==1.6')
  assert.deepEqual([fits.code, fits.out], [0, 'base==1.6 can be had with 1 change:\n'])
  assert.equal((await at.must('why base==1.5')).out, 'base==1.5 is here already\n')
  const { out, error } = await at.run('why new')
  assert.match(error, /^new is not installed\n/)
  assert.match(out, /^new does not go with everything else as it is:\n.*can be had with 2 changes/s)
  const nothing = await at.run('why nothing')
  assert.equal(nothing.code, 1)
  assert.match(nothing.out, /^nothing cannot be here, whatever else changes:\n/)
  for (const words of ['why', 'why a b', 'why @@'])
    assert.match((await at.run(words)).error, /^error: one project is to be named\n\nhint: /)
})

test('why follows the extras that projects want of each other, and others only where nothing else explains', async () => {
  await using at = await desk()
  const loop = wheel('loop', '1.0')
    .requires('helper', 'tool; extra == "docs"')
    .header('Provides-Extra', 'docs')
  at.offer(
    base('1.0'),
    wheel('app', '1.0')
      .requires('helper[fast]', 'base==2.0; extra == "shots"')
      .header('Provides-Extra', 'shots'),
    wheel('helper', '1.0')
      .requires('base; extra == "fast"', 'loop')
      .header('Provides-Extra', 'fast'),
    loop,
    wheel('tool', '1.0'),
  )
  await at.must('install app loop[docs]')
  assert.match(
    (await at.must('why base')).out,
    /by name\n {2}app 1\.0 -> helper 1\.0 -> base 1\.0\nthere/,
  )
  assert.match((await at.must('why tool')).out, /by name\n {2}loop 1\.0 -> tool 1\.0\nthere/)
  assert.match((await at.must('tree app')).out, /^ {4}├── base 1\.0$/m)
})

test('why begins with what was asked for, also where projects require each other', async () => {
  await using at = await desk()
  const pair = (name: string, ...requires: string[]) => wheel(name, '1.0').requires(...requires)
  at.offer(base('1.0'), pair('aa', 'bb'), pair('bb', 'aa', 'base'), pair('zz', 'bb'))
  await at.must('install zz')
  assert.match(
    (await at.must('why base')).out,
    /by name\n {2}zz 1\.0 -> bb 1\.0 -> base 1\.0\nthere/,
  )
})
