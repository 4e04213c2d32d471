import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseName } from '@cheeseshop/packaging'
import { readConfigSettings } from './read-config-settings.ts'

test('settings are for all projects or one, and gather where a key comes again', () => {
  const settings = readConfigSettings(['a=1', '--global-option=--x=y', 'Demo:a=2', 'a=3', 'b='])
  assert.deepEqual(settings(undefined), { a: ['1', '3'], '--global-option': '--x=y', b: '' })
  assert.deepEqual(settings(parseName('demo')), {
    a: ['1', '3', '2'],
    '--global-option': '--x=y',
    b: '',
  })
  assert.deepEqual(readConfigSettings(['--build-option:x=1', '__proto__=2'])(undefined), {
    '--build-option:x': '1',
    ['__proto__']: '2',
  })
  for (const text of ['', 'a', '=1'])
    assert.throws(() => readConfigSettings([text]), { name: 'UsageError' })
})
