import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureHint } from './failure-hint.ts'

test('what is missing on this machine, or in the project, is named', () => {
  const logs: [log: string, hint: RegExp | undefined][] = [
    ["ModuleNotFoundError: No module named 'distutils.core'", /no distutils: take a newer/],
    ["ModuleNotFoundError: No module named 'numpy'", /imports numpy, and its pyproject/],
    ['demo.c:1:10: fatal error: Python.h: No such file or directory', /python3-dev/],
    ['demo.c:1:10: fatal error: libpq-fe.h: No such file or directory', /header libpq-fe\.h/],
    ["error: command 'gcc' failed: No such file or directory", /no compiler gcc/],
    ['error: Microsoft Visual C++ 14.0 or greater is required', /no compiler on/],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'cargo'", /Rust/],
    ['ValueError: anything else', undefined],
  ]
  for (const [log, hint] of logs) {
    if (hint) assert.match(failureHint(log) ?? '', hint)
    else assert.equal(failureHint(log), undefined)
  }
})
