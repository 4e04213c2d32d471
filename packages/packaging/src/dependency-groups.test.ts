import assert from 'node:assert/strict'
import { test } from 'node:test'
import { resolveDependencyGroup } from './dependency-groups.ts'

const include = (name: string) => ({ 'include-group': name })

test('included groups take the place of the include, as often as they are included', () => {
  const groups = { Test_All: ['a', include('lint'), 'b', include('LINT')], lint: ['ruff'] }
  assert.deepEqual(resolveDependencyGroup(groups, 'test.all').map(String), [
    'a',
    'ruff',
    'b',
    'ruff',
  ])
})

test('the error has a code and says how it came to it', () => {
  const wrong: [groups: Record<string, unknown>, code: string, message: RegExp][] = [
    [{}, 'unknown', /"a" does not exist/],
    [{ a: [include('b')] }, 'unknown', /"b" does not exist, and a includes it/],
    [{ a: [], A: [] }, 'duplicate', /two spellings/],
    [{ a: [include('b')], b: [include('c')], c: [include('b')] }, 'cycle', /b -> c -> b/],
    [{ a: 'x' }, 'malformed', /not a list/],
    [{ a: [1] }, 'malformed', /neither/],
    [{ a: [{ include: 'b' }] }, 'malformed', /neither/],
    [{ a: [{ 'include-group': 'b', x: 1 }], b: [] }, 'malformed', /neither/],
    [{ a: ['x >='] }, 'malformed', /wrong requirement/],
  ]
  for (const [groups, code, message] of wrong) {
    assert.throws(() => resolveDependencyGroup(groups, 'a'), {
      name: 'InvalidDependencyGroup',
      code,
      message,
    })
  }
})

test('groups that double at every step, or go deep, come to an end', () => {
  const doubling: Record<string, unknown> = { g40: ['x'] }
  const empty: Record<string, unknown> = { g40: [] }
  const deep: Record<string, unknown> = { g5000: ['x'] }
  for (let at = 0; at < 40; at += 1)
    doubling[`g${at}`] = [include(`g${at + 1}`), include(`g${at + 1}`)]
  for (let at = 0; at < 40; at += 1) empty[`g${at}`] = doubling[`g${at}`]
  for (let at = 0; at < 5000; at += 1) deep[`g${at}`] = [include(`g${at + 1}`)]
  assert.throws(() => resolveDependencyGroup(doubling, 'g0'), { code: 'too-large' })
  assert.throws(() => resolveDependencyGroup(deep, 'g0'), { code: 'too-large' })
  assert.deepEqual(resolveDependencyGroup(empty, 'g0'), [])
})
