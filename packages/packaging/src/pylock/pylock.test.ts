import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTag } from '../tags.ts'
import { parsePylock } from './parse-pylock.ts'
import { lockedFilename } from './pylock.ts'
import { selectPackages } from './select-packages.ts'
import { writePylock } from './write-pylock.ts'

/** Every key of PEP 751. */
const full = `lock-version = "1.0"
environments = ["sys_platform == \\"linux\\""]
requires-python = ">=3.9"
extras = ["fast"]
dependency-groups = ["dev"]
default-groups = ["dev"]
created-by = "demo"

[[packages]]
name = "a"
version = "1.0"
marker = "\\"fast\\" in extras"
requires-python = ">=3.10"
dependencies = [{ name = "b" }]
index = "https://example.org/simple"
sdist = { name = "a-1.0.tar.gz", upload-time = 2026-01-02T03:04:05.123Z, url = "https://example.org/x", size = 10, hashes = { sha256 = "aa", md5 = "bb" } }
wheels = [{ path = "dist/a-1.0-py3-none-any.whl", hashes = { sha256 = "cc" } }]
attestation-identities = [{ kind = "own", more = true }]
tool = { own = { x = 1 } }

[[packages]]
name = "b"
vcs = { type = "git", url = "https://example.org/b.git", path = "b", requested-revision = "main", commit-id = "abc", subdirectory = "s" }

[[packages]]
name = "c"
directory = { path = "c", editable = true, subdirectory = "s" }

[[packages]]
name = "d"
archive = { url = "https://example.org/d.zip", size = 1, upload-time = 2026-01-02T03:04:05Z, hashes = { sha256 = "dd" }, subdirectory = "s" }

[tool.own]
x = 1
`

test('a lock with every key is the same after writing and reading, and written the same again', () => {
  const lock = parsePylock(full)
  assert.equal(lock.packages[0]?.sdist?.uploadTime?.toISOString(), '2026-01-02T03:04:05.123Z')
  assert.deepEqual(lock.packages[1]?.vcs, {
    type: 'git',
    url: 'https://example.org/b.git',
    path: 'b',
    requestedRevision: 'main',
    commitId: 'abc',
    subdirectory: 's',
  })
  const text = writePylock(lock)
  assert.equal(writePylock(parsePylock(text)), text)
  assert.deepEqual(text.match(/^\[?[\w-]+/gm)?.slice(0, 7), [
    'lock-version',
    'environments',
    'requires-python',
    'extras',
    'dependency-groups',
    'default-groups',
    'created-by',
  ])
  for (const word of full.match(/[a-z-]+(?= = )/g) ?? []) assert.ok(text.includes(word), word)
})

test('the error leads to the place', () => {
  const wrong: [change: [string, string], path: string, message: RegExp][] = [
    [['created-by = "demo"', ''], 'created-by', /missing/],
    [['lock-version = "1.0"', 'lock-version = "2.0"'], 'lock-version', /only 1\.x/],
    [['extras = ["fast"]', 'extras = ["Fast"]'], 'extras[0]', /normal form/],
    [['size = 10', 'size = "10"'], 'packages[0].sdist.size', /number/],
    [
      ['upload-time = 2026-01-02T03:04:05.123Z', 'upload-time = 2026-01-02'],
      'packages[0].sdist.upload-time',
      /date with a time/,
    ],
    [['sha256 = "cc"', ''], 'packages[0].wheels[0].hashes', /at least one/],
    [['sha256 = "cc"', 'sha256 = 1'], 'packages[0].wheels[0].hashes.sha256', /string/],
    [['a-1.0-py3', 'b-1.0-py3'], 'packages[0].wheels[0]', /not of a/],
    [['a-1.0-py3', 'a-2.0-py3'], 'packages[0].wheels[0]', /not of version 1\.0/],
    [['-none-any.whl', ''], 'packages[0].wheels[0]', /wrong filename/],
    [['commit-id = "abc", ', ''], 'packages[1].vcs.commit-id', /missing/],
    [['kind = "own", ', ''], 'packages[0].attestation-identities[0].kind', /missing/],
    [['name = "c"', 'name = "c"\narchive = {}'], 'packages[2]', /exactly one/],
    [['name = "a"\n', 'name = "a"\nvcs = {}\n'], 'packages[0]', /beside sdist or wheels/],
    [['fast\\" in extras', 'fast\\" on extras'], 'packages[0].marker', /not valid/],
  ]
  for (const [[from, to], path, message] of wrong) {
    assert.ok(full.includes(from), from)
    assert.throws(
      () => parsePylock(full.replace(from, to)),
      { name: 'InvalidPylock', path, message },
      from,
    )
  }
  assert.throws(() => parsePylock('x ='), /not TOML/)
  assert.throws(() => parsePylock(full.replace('"1.0"', '"2.0"')), { code: 'unsupported-version' })
})

test('a file is named by its name, or else by the end of its path or URL', () => {
  const hashes = { sha256: 'x' }
  assert.equal(lockedFilename({ name: 'a', path: 'b', url: 'c', hashes }), 'a')
  assert.equal(lockedFilename({ path: 'x\\b', url: 'c', hashes }), 'b')
  assert.equal(lockedFilename({ url: 'https://h/x/d%2B1.whl?q=/e#/f', hashes }), 'd+1.whl')
  assert.equal(lockedFilename({ url: 'https://h/%zz', hashes }), '%zz')
})

test('a lock that is not for this environment says why', () => {
  const environment = { python_full_version: '3.12.1', sys_platform: 'linux' }
  const tags = parseTag('py3-none-any')
  const select = (text: string, change = {}) =>
    selectPackages(parsePylock(text), {
      environment: { ...environment, ...change },
      tags,
      extras: ['fast'],
    })
  assert.deepEqual(
    select(full).map(({ kind }) => kind),
    ['wheel', 'vcs', 'directory', 'archive'],
  )
  assert.throws(() => select(full, { python_full_version: '3.8.1' }), {
    code: 'python',
    message: /The lock file requires Python >=3\.9/,
  })
  assert.throws(() => select(full, { python_full_version: '3.9.1' }), {
    code: 'python',
    message: /a requires Python >=3\.10/,
  })
  assert.throws(() => select(full, { sys_platform: 'win32' }), { code: 'environment' })
  assert.throws(() => select(full.replace('name = "d"', 'name = "c"')), {
    code: 'ambiguous',
    message: /two entries of c/,
  })
  const native = full.replace('py3-none-any', 'cp39-cp39-win32')
  assert.equal(select(native)[0]?.kind, 'sdist')
  assert.throws(() => select(native.replace(/sdist = .*\n/, '')), {
    code: 'no-file',
    message: /no wheel of a/,
  })
})
