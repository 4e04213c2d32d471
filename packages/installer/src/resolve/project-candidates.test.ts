import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FileTable } from '@cheeseshop/client'
import {
  normalizeName,
  type ProjectFile,
  parseTag,
  parseVersion,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import fc from 'fast-check'
import { readFormatControl } from '../resolve.ts'
import type { FileSource } from './candidate-source.ts'
import { covers, type FileRules } from './file-rules.ts'
import { FileJudge } from './project-candidates.ts'

const tags = [
  'cp311-cp311-manylinux_2_17_x86_64',
  'cp311-abi3-linux_x86_64',
  'py3-none-any',
].flatMap(parseTag)
const rules: FileRules = { tags, python: parseVersion('3.11.4') }
const demo = normalizeName('demo')

function file(filename: string, more: Partial<ProjectFile> = {}): ProjectFile {
  return { filename, url: `https://x.example/${filename}`, hashes: {}, yanked: false, ...more }
}

/** `version: file or why none`, newest first. */
function choose(files: ProjectFile[], more: Partial<FileRules> = {}): string[] {
  return new FileJudge({ ...rules, ...more })
    .candidates(demo, FileTable.of(demo, files))
    .sort((a, b) => b.version.compare(a.version))
    .map(({ version, source, incompatible, isYanked }) => {
      const yanked = isYanked ? ' (yanked)' : ''
      return `${version}: ${incompatible?.message ?? (source as FileSource).file.filename}${yanked}`
    })
}

test('of a version the wheel with the best tag is taken, then the later build, then the sdist', () => {
  const files = [
    file('demo-1.0.tar.gz'),
    file('demo-1.0-py3-none-any.whl'),
    file('demo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl'),
    file('demo-2.0-1-py3-none-any.whl'),
    file('demo-2.0-10-py3-none-any.whl'),
    file('demo-2.0-py3-none-any.whl'),
    file('demo-3.0.tar.gz'),
    file('demo-3.0-cp311-cp311-win_amd64.whl'),
    file('Demo-4.0-cp312-cp312-win_amd64.whl'),
  ]
  const expected = [
    '4.0: has no wheel for cp311 on manylinux_2_17_x86_64 (only for cp312 on win_amd64)',
    '3.0: demo-3.0.tar.gz',
    '2.0: demo-2.0-10-py3-none-any.whl',
    '1.0: demo-1.0-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl',
  ]
  assert.deepEqual(choose(files), expected)
  assert.deepEqual(choose(files.toReversed()), expected)
})

test('yanked files and those for another Python are taken only where there is no other', () => {
  const files = [
    file('demo-1.0-py3-none-any.whl', { yanked: 'broken' }),
    file('demo-1.0.tar.gz'),
    file('demo-2.0-py3-none-any.whl', { yanked: true }),
    file('demo-3.0-py3-none-any.whl', { requiresPython: '>=3.12' }),
    file('demo-3.0.tar.gz', { requiresPython: '>=3.8' }),
    file('demo-4.0-py3-none-any.whl', { requiresPython: 'nonsense' }),
  ]
  assert.deepEqual(choose(files), [
    '4.0: demo-4.0-py3-none-any.whl',
    '3.0: demo-3.0.tar.gz',
    '2.0: demo-2.0-py3-none-any.whl (yanked)',
    '1.0: demo-1.0.tar.gz',
  ])
})

test('rules on dates, hashes and formats keep files out, each with its reason', () => {
  const early = { uploadTime: '2024-01-01T00:00:00Z', hashes: { sha256: 'aa' } }
  const late = { uploadTime: '2026-01-01T00:00:00Z', hashes: { sha256: 'bb' } }
  const files = [
    file('demo-1.0-py3-none-any.whl', early),
    file('demo-2.0-py3-none-any.whl', late),
    file('demo-3.0.tar.gz'),
  ]
  assert.deepEqual(choose(files, { uploadedBefore: new Date('2025-06-01T00:00:00Z') }), [
    '3.0: has no upload time to compare with 2025-06-01',
    '2.0: was uploaded after 2025-06-01',
    '1.0: demo-1.0-py3-none-any.whl',
  ])
  const local = { ...file('demo-4.0.tar.gz'), url: 'file:///wheels/demo-4.0.tar.gz' }
  assert.deepEqual(choose([local], { uploadedBefore: new Date(0) }), ['4.0: demo-4.0.tar.gz'])
  const hashes = new Map([[demo, ['sha256:bb']]])
  assert.deepEqual(choose(files, { hashes }), [
    '3.0: demo-3.0.tar.gz',
    '2.0: demo-2.0-py3-none-any.whl',
    '1.0: has no file with a hash that is allowed (not sha256:aa)',
  ])
  // The index does not tell of this one whether it fits.
  const unknown = new Map([[demo, ['sha256:bb', 'sha512:cc']]])
  assert.equal(choose(files, { hashes: unknown })[2], '1.0: demo-1.0-py3-none-any.whl')
  const onlyBinary = readFormatControl([':all:'])!
  assert.match(choose(files, { onlyBinary })[0]!, /^3\.0: may not be built from source/)
  const both = { onlyBinary, noBinary: readFormatControl(['demo'])! }
  assert.equal(choose(files, both)[0], '3.0: demo-3.0.tar.gz')
  assert.match(choose(files, both)[1]!, /^2\.0: may not be installed from a wheel/)
  assert.match(
    choose(files, { onlyBinary, noBinary: readFormatControl(['x'])! })[0]!,
    /from source/,
  )
  const noBinary = readFormatControl(['demo'])!
  assert.match(choose(files, { noBinary })[1]!, /^2\.0: may not be installed from a wheel/)
})

test('format controls name projects, all, or begin anew', () => {
  const covered = (...values: string[]) =>
    ['demo', 'other'].filter((each) => covers(readFormatControl(values), each))
  assert.deepEqual(covered('Demo'), ['demo'])
  assert.deepEqual(covered(':all:'), ['demo', 'other'])
  assert.deepEqual(covered(':all:', ':none:', 'other'), ['other'])
  assert.deepEqual(covered(':none:'), [])
})

test('names of other projects, and names that say nothing, are left out', () => {
  const names = [
    'other-1.0-py3-none-any.whl',
    'demo.whl',
    'demo-1.0-py3-any.whl',
    'demo-x-py3-none-any.whl',
    'demo-1.0.exe',
    '',
  ]
  assert.deepEqual(choose(names.map((name) => file(name))), [])
})

test('the quick reading of a filename says what the whole one does', () => {
  const part = fc.constantFrom(
    'demo',
    'Demo',
    '1.0',
    '2.0rc1',
    'x',
    '1',
    '',
    'py3',
    'none',
    'any',
    'cp311',
    '_',
  )
  fc.assert(
    fc.property(fc.array(part, { minLength: 4, maxLength: 7 }), (parts) => {
      const filename = `${parts.join('-')}.whl`
      const whole = tryParseWheelFilename(filename)
      const [quick] = new FileJudge(rules).candidates(demo, FileTable.of(demo, [file(filename)]))
      if (whole?.name !== demo) return
      assert.equal(quick?.version.toString(), whole.version.toString())
      const supported = whole.tags.some((tag) =>
        tags.some((each) => JSON.stringify(each) === JSON.stringify(tag)),
      )
      assert.equal(quick?.incompatible === undefined, supported)
    }),
  )
})
