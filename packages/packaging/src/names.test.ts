import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  InvalidName,
  isNormalizedName,
  isValidExtra,
  isValidName,
  normalizeName,
  parseName,
  tryParseName,
} from './names.ts'

test('names that differ in case and separators are one', () => {
  const spellings = ['friendly-bard', 'Friendly-Bard', 'FRIENDLY.BARD', 'friendly--._bard']
  assert.deepEqual([...new Set(spellings.map(normalizeName))], ['friendly-bard'])
})

test('a name begins and ends with a letter or digit', () => {
  const valid = ['a', '0', 'A.b_c-d', '3to2', 'x__y']
  const invalid = ['', '-a', 'a-', '_a', 'a.', 'a b', 'é', 'a/b', 'a\n', 'a\0b', '.']
  assert.deepEqual(valid.filter(isValidName), valid)
  assert.deepEqual(invalid.filter(isValidName), [])
  assert.deepEqual(invalid.filter(isValidExtra), [])
})

test('a name is checked and normalised at once', () => {
  assert.equal(parseName('Zope.Interface'), 'zope-interface')
  assert.equal(tryParseName('zope interface'), undefined)
  assert.throws(() => parseName('zope interface'), {
    name: 'InvalidName',
    input: 'zope interface',
    message:
      'Invalid name "zope interface": use ASCII letters, digits, ".", "_" and "-", and begin and end with a letter or digit',
  })
  assert.ok(new InvalidName('x') instanceof Error)
})

test('a normalised name is valid and its own normal form', () => {
  assert.deepEqual(
    ['a', 'a-b', 'A', 'a_b', 'a--b', '-a'].map((name) => isNormalizedName(name)),
    [true, true, false, false, false, false],
  )
})
