import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readExclusion } from './read-exclusion.ts'

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
