import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { desk } from '../testing/desk.ts'
import { readExclusion, readOverride } from './read-changes.ts'

test('a project is excluded everywhere, or where a project or one version of it asks for it', () => {
  assert.deepEqual(readExclusion('Old_Lib'), { name: 'old-lib' })
  assert.deepEqual(readExclusion('app:old-lib'), {
    name: 'old-lib',
    within: { name: 'app', version: undefined },
  })
  const { within } = readExclusion('App==1.0: old-lib')
  assert.deepEqual([within?.name, `${within?.version}`], ['app', '1.0'])
  for (const wrong of ['', 'a:b:c', 'app==x:lib', 'a b', 'app:', ':lib']) {
    assert.throws(() => readExclusion(wrong), { name: 'UsageError' }, wrong)
  }
})

test('a requirement is taken instead of others everywhere, or where one project asks', () => {
  const read = (text: string) => {
    const { requirement, within } = readOverride(text)
    return [`${requirement}`, within && `${within.name} ${within.version ?? ''}`.trim()]
  }
  assert.deepEqual(read('lib<2'), ['lib<2', undefined])
  assert.deepEqual(read('App:lib<2 ; os_name == "nt"'), ['lib<2; os_name == "nt"', 'app'])
  assert.deepEqual(read('app==1.0: lib'), ['lib', 'app 1.0'])
  const url = 'lib @ https://x.example/lib-1.0-py3-none-any.whl'
  assert.deepEqual(read(url), [url, undefined])
  assert.deepEqual(read(`app:${url}`), [url, 'app'])
  for (const wrong of ['', 'app==x:lib', ':lib', 'app:', 'app:lib=1']) {
    assert.throws(() => readOverride(wrong), { name: 'UsageError' }, wrong)
  }
})

test('an override for one project leaves what others require as it is', async () => {
  await using at = await desk()
  const lib = (version: string) => wheel('lib', version).file('lib.py', '')
  at.offer(lib('1.0'), lib('2.0'))
  at.offer(wheel('app', '1.0').requires('lib>=2').file('app.py', ''))
  at.offer(wheel('tool', '1.0').requires('lib').file('tool.py', ''))
  await at.must('install app tool --override-dependency app:lib<2')
  assert.equal((await at.must('freeze')).out, 'app==1.0\nlib==1.0\ntool==1.0\n')
  const other = await at.run('install -U app tool --override-dependency tool:lib<2')
  assert.match(other.error, /lib/)
  assert.equal(other.code, 1)
})
