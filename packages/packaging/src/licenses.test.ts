import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canonicalizeLicenseExpression, tryCanonicalizeLicenseExpression } from './licenses.ts'

test('identifiers and operators are spelled as SPDX spells them', () => {
  const texts = {
    mit: 'MIT',
    ' (bsd-3-clause)\tor\napache-2.0 ': '(BSD-3-Clause) OR Apache-2.0',
    'gpl-2.0+ with CLASSPATH-exception-2.0 and mit':
      'GPL-2.0+ WITH Classpath-exception-2.0 AND MIT',
    'licenseref-My.License-1': 'LicenseRef-My.License-1',
    '((mit))': '((MIT))',
  }
  for (const [text, written] of Object.entries(texts)) {
    assert.equal(canonicalizeLicenseExpression(text), written)
    assert.equal(canonicalizeLicenseExpression(written), written)
  }
})

test('what is no licence expression is refused with the reason', () => {
  const problems = {
    '': 'expected a license or "(", not the end',
    BSD: 'SPDX lists no license "BSD"; for one of your own write LicenseRef-NAME',
    'MIT Apache-2.0': 'expected WITH or AND or OR or ")", not "Apache-2.0"',
    'MIT AND': 'expected a license or "(", not the end',
    '(MIT': 'a "(" is not closed',
    'MIT)': 'a ")" closes nothing',
    'MIT()': 'expected WITH or AND or OR or ")", not "("',
    'MIT WITH MIT': 'SPDX lists no exception "MIT"',
    '(MIT) WITH LLVM-exception': 'expected AND or OR or ")", not "WITH"',
    'LicenseRef-a_b': 'after LicenseRef- use letters, digits, "." and "-", not "LicenseRef-a_b"',
    'LicenseRef-a+': 'after LicenseRef- use letters, digits, "." and "-", not "LicenseRef-a+"',
  }
  for (const [text, problem] of [
    ...Object.entries(problems),
    ['constructor', 'SPDX lists no license'],
    ['__proto__', 'SPDX lists no license'],
  ]) {
    assert.equal(tryCanonicalizeLicenseExpression(text as string), undefined)
    assert.throws(
      () => canonicalizeLicenseExpression(text as string),
      (error: Error) => error.message.includes(`: ${problem}`),
      text,
    )
  }
})
