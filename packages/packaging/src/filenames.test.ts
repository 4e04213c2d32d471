import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  parseSdistFilename,
  parseWheelFilename,
  sdistFilename,
  tryParseSdistFilename,
  tryParseWheelFilename,
  wheelFilename,
} from './filenames.ts'
import { parseVersion } from './versions.ts'

test('a wheel filename says all it has to say', () => {
  const { version, tags, ...rest } = parseWheelFilename(
    'Flask_Login-1.0+Local.1-3b-cp39-abi3-win32.win_amd64.whl',
  )
  assert.equal(String(version), '1.0+local.1')
  assert.equal(tags.length, 2)
  assert.deepEqual(rest, {
    name: 'flask-login',
    rawName: 'Flask_Login',
    rawVersion: '1.0+Local.1',
    build: [3, 'b'],
    pythonTag: 'cp39',
    abiTag: 'abi3',
    platformTag: 'win32.win_amd64',
  })
})

const wrongWheels: [filename: string, reason: RegExp][] = [
  ['demo-1.0.tar.gz', /does not end in "\.whl"/],
  ['demo-1.0-any.whl', /five or six parts/],
  ['demo-1.0-1-2-py3-none-any.whl', /five or six parts/],
  ['de__mo-1.0-py3-none-any.whl', /name "de__mo"/],
  ['_demo-1.0-py3-none-any.whl', /name "_demo"/],
  ['../demo-1.0-py3-none-any.whl', /name "\.\.\/demo"/],
  ['demo-one-py3-none-any.whl', /version "one"/],
  ['demo-1.0-x1-py3-none-any.whl', /build tag "x1"/],
  ['demo-1.0-py3--any.whl', /tag "py3--any"/],
  ['demo-1.0-py3-none-a\\b.whl', /tag/],
  [`${'x'.repeat(2000)}-1.0-py3-none-any.whl`, /longer than 1024/],
]

test('the error names what is wrong with a wheel filename, and quotes no novel', () => {
  for (const [filename, reason] of wrongWheels) {
    assert.throws(() => parseWheelFilename(filename), {
      name: 'InvalidWheelFilename',
      message: reason,
    })
    assert.equal(tryParseWheelFilename(filename), undefined)
    assert.throws(
      () => parseWheelFilename(filename),
      (error: Error) => error.message.length < 400,
    )
  }
})

test('the version of an sdist starts at the last dash', () => {
  const { name, version, extension } = parseSdistFilename('Python-Dateutil-2.9.0.zip')
  assert.deepEqual([name, String(version), extension], ['python-dateutil', '2.9.0', '.zip'])
})

const wrongSdists: [filename: string, reason: RegExp][] = [
  ['demo-1.0.tar.bz2', /neither in "\.tar\.gz" nor in "\.zip"/],
  ['demo.tar.gz', /no dash/],
  ['-1.0.tar.gz', /name ""/],
  ['demo-one.tar.gz', /version "one"/],
  ['a/b-1.0.zip', /name "a\/b"/],
  [`${'x'.repeat(2000)}-1.0.zip`, /longer than 1024/],
  ['demo-1.0\n.tar.gz', /control character/],
  ['demo-\u2028' + '1.0.zip', /control character/],
]

test('the error names what is wrong with an sdist filename', () => {
  for (const [filename, reason] of wrongSdists) {
    assert.throws(() => parseSdistFilename(filename), {
      name: 'InvalidSdistFilename',
      message: reason,
    })
    assert.equal(tryParseSdistFilename(filename), undefined)
  }
})

const letters = fc.constantFrom(...'abcXYZ019')
const name = fc
  .tuple(letters, fc.string({ unit: fc.constantFrom(...'aZ1.-_') }), letters)
  .map((parts) => parts.join(''))
const version = fc.constantFrom('1.0', '2.0rc1', '1!3', '1.0+a.b', '0.dev5', '7.post2')

test('what is written is read', () => {
  fc.assert(
    fc.property(
      name,
      version,
      fc.option(fc.nat(99).map(String), { nil: undefined }),
      (rawName, text, build) => {
        const parsed = parseVersion(text)
        const wheel = parseWheelFilename(
          wheelFilename({
            name: rawName,
            version: parsed,
            tag: 'py3-none-any',
            ...(build && { build }),
          }),
        )
        const sdist = parseSdistFilename(sdistFilename(rawName, parsed))
        assert.equal(wheel.name, sdist.name)
        assert.equal(wheel.version.compare(sdist.version), 0)
        assert.equal(sdist.version.compare(parsed), 0)
        assert.deepEqual(wheel.build, build && [Number(build), ''])
        assert.doesNotMatch(sdist.rawName, /[-.A-Z]/)
      },
    ),
  )
})
