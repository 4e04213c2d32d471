import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rangeOf, VersionRange } from './ranges.ts'
import { parseSpecifierSet } from './specifiers.ts'
import { parseVersion } from './versions.ts'

const range = (text: string) => rangeOf(parseSpecifierSet(text))

test('ranges that hold the same versions are equal however they came about', () => {
  assert.ok(
    range('>=1,<2')
      .union(range('>=2.dev0'))
      .equals(range('>=1').union(range('>=2.dev0'))),
  )
  assert.ok(range('>=1,<2').union(range('>=1.5,<3')).equals(range('>=1,<3')))
  assert.ok(range('!=1.*').complement().equals(range('==1.*')))
  assert.ok(range('<0').complement().equals(VersionRange.between()))
  assert.ok(range('<=1').intersect(range('<1.0.post0')).equals(range('<=1.0')))
  assert.ok(!range('>=1').equals(range('>1')))
})

test('which pre-releases were let in stays with a range, and counts for equality', () => {
  const versions = ['1.5', '2.0a1', '3.0a1', '3.0']
  assert.deepEqual(range('>=2.0a1').union(range('==1.5')).filter(versions), versions)
  assert.deepEqual(range('>=1').filter(versions), ['1.5', '3.0'])
  assert.deepEqual(range('>=1,<2.1').union(range('>=3.0a1')).filter(versions), [
    '1.5',
    '3.0a1',
    '3.0',
  ])
  assert.deepEqual(range('<2.0a1').complement().filter(versions), ['3.0'])
  assert.ok(!range('<=1.0').equals(range('<1.0.post0.dev0')))
})

test('=== admits text and nothing else', () => {
  const admitting = range('===Wat').union(range('==1'))
  assert.deepEqual(
    ['wat', '1', 'other'].map((text) => admitting.contains(text)),
    [true, true, false],
  )
  assert.ok(range('===1.0').contains('1.0'))
  assert.ok(!range('===1.0').contains('1'))
  assert.ok(!range('>=1').difference(range('===1.5')).contains('1.5'))
  assert.ok(!range('===1.0').complement().contains('1.0'))
  assert.equal(admitting.toString(), '==1 | ===wat')
})

test('a range is made of all, nothing, one version or the versions between two', () => {
  assert.ok(VersionRange.full().contains('wat'))
  assert.ok(VersionRange.empty().isEmpty())
  const one = VersionRange.singleton(parseVersion('1.0'))
  assert.deepEqual(
    ['1', '1.0+x', '1.0.post1'].map((text) => one.contains(text)),
    [true, false, false],
  )
  const some = VersionRange.between(parseVersion('1.0'), parseVersion('2.0'))
  assert.deepEqual(
    ['1.0rc1', '1.0', '2.0rc1', '2.0'].map((text) => some.contains(text)),
    [false, true, true, false],
  )
  assert.ok(VersionRange.between(parseVersion('2'), parseVersion('1')).isEmpty())
})

test('ranges are compared as sets', () => {
  assert.ok(range('>=1.5,<1.8').isSubsetOf(range('~=1.0')))
  assert.ok(!range('~=1.0').isSubsetOf(range('>=1.5,<1.8')))
  assert.ok(!VersionRange.full().isSubsetOf(VersionRange.between()))
  assert.ok(range('<2').isDisjointFrom(range('>=2')))
  assert.ok(!range('<=2').isDisjointFrom(range('>=2')))
})

test('a range is written in the words of specifiers', () => {
  const written = {
    '': 'any',
    '<0': 'none',
    '>=1,<2': '>=1,<2',
    '>=1,!=1.5,!=1.7.*,<2': '>=1,<2,!=1.5,!=1.7.*',
    '==1.0,==1.*': '==1.0',
    '~=1.4': '>=1.4,<2',
    '==0.*': '==0.*',
    '==1.0+local': '==1.0+local',
    '>1.0': '>1.0',
    '<=1.0': '<=1.0',
    '>1.0.post1': '>=1.0.post2.dev0',
    '!=1.0+local': '!=1.0+local',
  }
  for (const [text, expected] of Object.entries(written)) assert.equal(`${range(text)}`, expected)
  assert.equal(`${range('==1.*').union(range('==3.*'))}`, '==1.* | ==3.*')
  assert.equal(`${range('>=2').complement()}`, '<=2,!=2')
  assert.equal(`${range('>2').complement()}`, '<=2 with its post-releases')
  assert.equal(`${VersionRange.singleton(parseVersion('1'))}`, '>=1,up to 1')
  assert.equal(`${range('===x').complement()}`, 'any')
  assert.equal(`${VersionRange.full().difference(range('===x'))}`, 'any without ===x')
})

test('all without all is nothing', () => {
  const all = VersionRange.full()
  assert.ok(all.intersect(all.complement()).equals(VersionRange.empty()))
  assert.ok(all.complement().complement().equals(all))
  assert.ok(all.difference(range('>=1')).union(range('>=1')).equals(VersionRange.between()))
})

test('a bound keeps every digit', () => {
  const [part] = range('==9007199254740991.*').intervals
  assert.ok(part?.end?.version.equals(parseVersion('9007199254740992.dev0')))
})

test('the parts of a range can be listed', () => {
  const parts = range('>=1,!=2.*').intervals
  assert.deepEqual(
    parts.map(({ start, end }) => [`${start?.version}`, start?.side, `${end?.version}`]),
    [
      ['1', 'before', '2.dev0'],
      ['3.dev0', 'before', 'undefined'],
    ],
  )
})
