import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  canonicalizeVersion,
  compareVersions,
  type InvalidVersion,
  isVersion,
  parseVersion,
  tryParseVersion,
  versionSortKey,
} from './versions.ts'

test('a version has the parts that its text names', () => {
  const version = parseVersion(' V1!2.03.Preview_4-5.DEV6+Ubuntu-007 ')
  const { epoch, release, pre, post, dev, local } = version
  assert.deepEqual(
    { epoch, release, pre, post, dev, local },
    { epoch: 1, release: [2, 3], pre: ['rc', 4], post: 5, dev: 6, local: 'ubuntu.7' },
  )
  assert.equal(version.toString(), '1!2.3rc4.post5.dev6+ubuntu.7')
  assert.equal(version.public, '1!2.3rc4.post5.dev6')
  assert.equal(version.baseVersion, '1!2.3')
  assert.deepEqual([version.major, version.minor, version.micro], [2, 3, 0])
})

test('a number beyond what a double holds keeps every digit', () => {
  const huge = parseVersion('0.1.20260916031552530.99999999999999999999999')
  assert.deepEqual(huge.release, [0, 1, 20260916031552530n, 99999999999999999999999n])
  assert.equal(huge.toString(), '0.1.20260916031552530.99999999999999999999999')
  assert.ok(huge.compare(parseVersion('0.1.20260916031552531')) < 0)
  assert.ok(huge.compare(parseVersion('0.1.20260916031552529')) > 0)
  assert.equal(parseVersion('00000000000000000000000009').release[0], 9)
})

test('versions are ordered as PEP 440 tells', () => {
  const ordered = [
    ['1.dev0', '1.0.dev456', '1.0a1', '1.0a2.dev456', '1.0a12.dev456', '1.0a12', '1.0b1.dev456'],
    ['1.0b2', '1.0b2.post345.dev456', '1.0b2.post345', '1.0rc1.dev456', '1.0rc1', '1.0'],
    ['1.0+abc.5', '1.0+abc.7', '1.0+5', '1.0+5.0', '1.0+10', '1.0.post456.dev34', '1.0.post456'],
    ['1.0.15', '1.1.dev1', '1.1', '1.10', '1!0.1'],
  ].flat()
  const shuffled = [...ordered].sort().map(parseVersion)
  assert.deepEqual(shuffled.sort(compareVersions).map(String), ordered)
  const byKey = shuffled.sort((a, b) => (versionSortKey(a) < versionSortKey(b) ? -1 : 1))
  assert.deepEqual(byKey.map(String), ordered)
})

test('numbers of any length are in order', () => {
  const lengths = [1, 2, 9, 10, 15, 16, 17, 25, 26, 27, 28, 99, 100, 101, 500]
  const versions = lengths.map((length) => parseVersion('9'.repeat(length)))
  assert.deepEqual([...versions].sort(compareVersions), versions)
  const keys = versions.map(versionSortKey)
  assert.deepEqual([...keys].sort(), keys)
})

test('sort keys are as documented', () => {
  const keys = ['1.2.3', '2024.10', '1.0', '1!2', '1a1', '1.dev3', '1.post2.dev1', '1+a.7']
  assert.deepEqual(
    keys.map((text) => versionSortKey(parseVersion(text))),
    ['123/', 'C2024A10/', '1/', '~12/', '1,1b', '1+3', '1/c2a1', '1/+a.7'],
  )
})

test('text that is not a version is refused, with the text', () => {
  const invalid = [
    '',
    '1.',
    '.1',
    '1..2',
    'latest',
    '1.0-SNAPSHOT',
    '1.0+',
    '1.0+a_',
    '1 0',
    '1.0é',
    'v',
  ]
  assert.deepEqual(invalid.filter(isVersion), [])
  assert.throws(() => parseVersion('1..2'), {
    name: 'InvalidVersion',
    input: '1..2',
    message:
      'Invalid version "1..2": use the form of PEP 440, such as "1.0", "2.1rc1" or "1.0.post2"',
  })
})

test('a version of more than 512 characters is refused before it is read', () => {
  assert.equal(tryParseVersion('1'.repeat(512))?.toString().length, 512)
  assert.throws(
    () => parseVersion('1'.repeat(100_000)),
    (error: InvalidVersion) =>
      error.message.length < 200 && error.message.endsWith('use at most 512 characters'),
  )
})

test('canonical text leaves out trailing zeros, and leaves alone what is no version', () => {
  const texts = ['1.0.0', '1.0.0-RC1', '0.0', '1.0.1', 'latest']
  assert.deepEqual(
    texts.map((text) => canonicalizeVersion(text)),
    ['1', '1rc1', '0', '1.0.1', 'latest'],
  )
  assert.equal(canonicalizeVersion(parseVersion('1.0'), { stripTrailingZeros: false }), '1.0')
})

test('a copy with other parts is another version', () => {
  const version = parseVersion('1.0rc1')
  assert.equal(version.with({ pre: undefined, post: 2 }).toString(), '1.0.post2')
  assert.equal(version.toString(), '1.0rc1')
  assert.equal(JSON.stringify({ version }), '{"version":"1.0rc1"}')
})
