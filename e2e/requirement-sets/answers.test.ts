import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAnswers } from '../../conformance/resolver-sets/today/answers.ts'
import { readSets, setKinds } from '../../conformance/resolver-sets/today/requirement-sets.ts'

test('every one of a hundred sets has an answer of uv, and all but a few the same of cheese', () => {
  const [sets, answers] = [readSets(), readAnswers()]
  assert.deepEqual(
    answers.map(({ set }) => set),
    sets.map(({ line }) => line),
  )
  assert.deepEqual([...new Set(sets.map(({ kind }) => kind))], setKinds)
  assert.ok(sets.length >= 100)
  const different = answers.filter(({ differs }) => differs !== undefined)
  assert.ok(different.length <= 3, `${different.length} sets are answered otherwise`)
})
