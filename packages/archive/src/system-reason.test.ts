import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { systemReason } from './system-reason.ts'

test('what the system refuses has a reason in words, also where we have none of our own', () => {
  assert.equal(systemReason(caught(() => readFileSync('/'))), 'it is a folder')
  const { error } = spawnSync('/dev/null/program')
  assert.equal(systemReason(error), 'a part of the path is a file')
  assert.equal(
    systemReason({ code: 'ENOENT', syscall: 'mkdir' }),
    'the file system takes no folder there',
  )
  assert.equal(systemReason({ code: 'ENOTCONN', errno: -107 }), 'socket is not connected')
})

test('what is no error of the system has none', () => {
  assert.equal(systemReason(caught(() => readFileSync('a\0b'))), undefined)
  for (const value of [new Error('ENOENT'), undefined, null, 'ENOENT'])
    assert.equal(systemReason(value), undefined)
})

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}
