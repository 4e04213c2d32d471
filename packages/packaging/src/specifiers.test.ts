import assert from 'node:assert/strict'
import { test } from 'node:test'
import { InvalidSpecifier, parseSpecifier } from './specifier.ts'
import { parseSpecifierSet, tryParseSpecifierSet } from './specifiers.ts'
import { parseVersion } from './versions.ts'

/** Which of the versions a set contains. */
function accepted(set: string, versions: string): string {
  const specifiers = parseSpecifierSet(set)
  return versions
    .split(' ')
    .filter((version) => specifiers.contains(version))
    .join(' ')
}

test('each operator accepts what PEP 440 says', () => {
  const versions = '1.6 1.7.dev1 1.7rc1 1.7 1.7.0 1.7+ubuntu.1 1.7.0.post1 1.7.1 1.8 2.0'
  assert.equal(accepted('==1.7', versions), '1.7 1.7.0 1.7+ubuntu.1')
  assert.equal(accepted('==1.7+ubuntu.1', versions), '1.7+ubuntu.1')
  assert.equal(
    accepted('==1.7.*', versions),
    '1.7.dev1 1.7rc1 1.7 1.7.0 1.7+ubuntu.1 1.7.0.post1 1.7.1',
  )
  assert.equal(accepted('!=1.7.*', versions), '1.6 1.8 2.0')
  assert.equal(accepted('~=1.7', versions), '1.7 1.7.0 1.7+ubuntu.1 1.7.0.post1 1.7.1 1.8')
  assert.equal(accepted('~=1.7.0', versions), '1.7 1.7.0 1.7+ubuntu.1 1.7.0.post1 1.7.1')
  assert.equal(accepted('>1.7', versions), '1.7.1 1.8 2.0')
  assert.equal(accepted('>=1.7', versions), '1.7 1.7.0 1.7+ubuntu.1 1.7.0.post1 1.7.1 1.8 2.0')
  assert.equal(accepted('<1.7', versions), '1.6')
  assert.equal(accepted('<=1.7', versions), '1.6 1.7.dev1 1.7rc1 1.7 1.7.0 1.7+ubuntu.1')
  assert.equal(accepted('===1.7.0', versions), '1.7.0')
  assert.equal(accepted('', versions), versions)
})

test('pre-releases come in when asked for, when one is named, or when nothing else is there', () => {
  const versions = ['1.0', '2.0a1', '2.0']
  const filter = (set: string, policy = {}) => parseSpecifierSet(set).filter(versions, policy)
  assert.deepEqual(filter('>=1'), ['1.0', '2.0'])
  assert.deepEqual(filter('>=1', { prereleases: true }), versions)
  assert.deepEqual(filter('>=1.0a1'), versions)
  assert.deepEqual(filter('>=1.0a1', { prereleases: false }), ['1.0', '2.0'])
  assert.deepEqual(filter('!=2.0,>1.0'), ['2.0a1'])
  assert.deepEqual(filter('!=2.0,>1.0', { prereleases: false }), [])
})

test('things that carry a version are filtered by it', () => {
  const files = [
    { name: 'a', version: parseVersion('1') },
    { name: 'b', version: parseVersion('3') },
  ]
  const kept = parseSpecifierSet('>2').filter(files, { versionOf: (file) => file.version })
  assert.deepEqual(
    kept.map((file) => file.name),
    ['b'],
  )
})

test('text that is no version satisfies only the empty set and an equal ===', () => {
  assert.equal(parseSpecifierSet('').contains('wat'), true)
  assert.equal(parseSpecifierSet('>=0').contains('wat'), false)
  assert.equal(parseSpecifierSet('===WAT').contains('wat'), true)
})

test('a set is written sorted and without repetition', () => {
  assert.equal(parseSpecifierSet(' >=1 ,, !=1.5.*,>=1.0 ').toString(), '!=1.5.*,>=1')
  assert.ok(parseSpecifierSet('>=1,<2').equals(parseSpecifierSet('<2.0,>=1.0.0')))
  assert.ok(!parseSpecifierSet('~=1.0').equals(parseSpecifierSet('~=1.0.0')))
  assert.equal(String(parseSpecifierSet('>=1').and(parseSpecifierSet('<2'))), '<2,>=1')
})

test('a set that nothing can satisfy says so', () => {
  const sets = [
    '>2,<1',
    '==1,!=1.0',
    '<0.dev0',
    '===x,>=1',
    '===x,===y',
    '>=1,<1.dev1',
    '>1,<1.0.post9',
  ]
  assert.deepEqual(
    sets.filter((set) => !parseSpecifierSet(set).isUnsatisfiable()),
    [],
  )
  assert.equal(parseSpecifierSet('>=1,<=1').isUnsatisfiable(), false)
})

test('what is no specifier is refused with the reason', () => {
  const reasons = {
    '1.0': 'begin with one of ~=, ==, !=, <=, >=, <, > or ===',
    '>=two': 'a version as in PEP 440 must follow the operator',
    '==1.0 .*': 'a version as in PEP 440 must follow the operator',
    '>=1.*': '".*" goes with == and != only',
    '==1a1.*': '".*" follows the numbers of the release only',
    '>=1.0+local': 'a local version goes with == and != only',
    '~=1': '~= needs at least two numbers, as in ~=1.0',
    '===a b': 'after === use text without spaces, ";" and ")"',
  }
  for (const [text, reason] of Object.entries(reasons)) {
    assert.throws(() => parseSpecifierSet(text), new InvalidSpecifier(text, reason))
    assert.equal(tryParseSpecifierSet(text), undefined)
  }
  assert.equal(parseSpecifier('== 1.0').canonical, '==1')
})
