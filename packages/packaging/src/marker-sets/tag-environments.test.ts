import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTag } from '../tags.ts'
import { environmentsOfTags } from './tag-environments.ts'

const say = (...tags: string[]) =>
  environmentsOfTags(tags.flatMap((tag) => parseTag(tag)))?.toString()

test('tags say which Pythons and which systems', () => {
  assert.equal(
    say('cp310-abi3-manylinux_2_17_aarch64.manylinux2014_aarch64'),
    'python_version >= "3.10" and implementation_name == "cpython" and sys_platform == "linux" and platform_machine == "aarch64"',
  )
  assert.equal(
    say('py3-none-macosx_11_0_universal2', 'pp311-pypy311_pp73-win32'),
    'sys_platform == "darwin" or (python_version == "3.11" and implementation_name == "pypy" and sys_platform == "win32" and platform_machine == "x86")',
  )
  assert.equal(say('py2-none-any'), 'python_version < "3"')
})

test('a file for every Python 3 on every system says nothing, and one for systems without a name does nowhere', () => {
  assert.equal(say('cp312-cp312-win_amd64', 'py2.py3-none-any'), undefined)
  const nowhere = environmentsOfTags(parseTag('cp313-cp313-freebsd_13_x86_64'))
  assert.equal(nowhere?.evaluate({ sys_platform: 'freebsd13' }), false)
})
