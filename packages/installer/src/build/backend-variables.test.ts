import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Environment } from '../environment/environment.ts'
import { backendVariables } from './backend-variables.ts'

const given = {
  PATH: '/usr/bin',
  CC: 'clang',
  SOURCE_DATE_EPOCH: '315532800',
  PYTHONPATH: '/elsewhere',
  TWINE_PASSWORD: 'secret',
  UV_PUBLISH_TOKEN: 'secret',
  CHEESE_PUBLISH_TOKEN: 'secret',
  ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'secret',
  PYPI_ID_TOKEN: 'secret',
}

test('backends see compilers and dates, and no secret of ours', () => {
  assert.deepEqual(backendVariables(given, undefined), {
    PATH: '/usr/bin',
    CC: 'clang',
    SOURCE_DATE_EPOCH: '315532800',
    PYTHONPATH: '/elsewhere',
    PYTHONIOENCODING: 'utf-8',
    PYTHONUNBUFFERED: '1',
  })
})

test('nothing from outside is importable in an isolated environment, and its scripts come first', () => {
  const isolated = {
    scheme: { scripts: '/env/bin' },
    interpreter: { facts: { prefix: '/env' } },
  } as Environment
  assert.deepEqual(backendVariables(given, isolated), {
    PATH: '/env/bin:/usr/bin',
    CC: 'clang',
    SOURCE_DATE_EPOCH: '315532800',
    PYTHONIOENCODING: 'utf-8',
    PYTHONUNBUFFERED: '1',
    VIRTUAL_ENV: '/env',
    PYTHONNOUSERSITE: '1',
  })
})
