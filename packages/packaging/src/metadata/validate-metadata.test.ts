import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readMetadata } from './read-metadata.ts'
import { uploadRules } from './upload-rules.ts'
import { validateMetadata } from './validate-metadata.ts'

const base = 'Metadata-Version: 2.6\nName: demo\nVersion: 1.0\n'
const classifiers = {
  known: new Set(['Topic :: Real', 'Topic :: Old']),
  deprecated: new Map([['Topic :: Old', ['Topic :: Real']]]),
}
const rules = uploadRules({ classifiers })
const read = (text: string) => readMetadata(Buffer.from(text))

/** A line of metadata, and the field and the advice of the one problem it makes. */
const wrong: [line: string, advice: RegExp][] = [
  ['Summary: one\n two', /single line/],
  ['Description-Content-Type: text/html', /text\/markdown/],
  ['Description-Content-Type: text/markdown; charset=latin-1', /UTF-8/],
  ['Description-Content-Type: text/markdown; variant=Pandoc', /GFM, CommonMark/],
  ['Dynamic: Version', /may not be dynamic/],
  ['Dynamic: Nonsense', /not a field/],
  ['Provides-Extra: -x', /not a valid extra/],
  ['Requires-Python: 3.9', /Invalid specifier "3\.9".*Correct it/],
  ['Requires-Dist: x >=', /Invalid requirement "x >=".*position/],
  ['License-Expression: Nope', /Invalid license expression "Nope"/],
  ['License-File: ../LICENSE', /\.\./],
  ['License-File: /LICENSE', /relative/],
  ['License-File: C:/LICENSE', /relative/],
  ['License-File: LICEN*', /pattern/],
  ['License-File: a\\b', /"\/"/],
  ['License-File: a//b', /plain path/],
  ['Import-Name: de-mo', /identifiers/],
  ['Import-Name: class', /reserves/],
  ['Import-Namespace: a; public', /private/],
  ['X-Own: 1', /Remove it/],
]
const wrongForUpload: [line: string, advice: RegExp][] = [
  [`Summary: ${'x'.repeat(513)}`, /513 characters/],
  ['Author-email: nobody', /name@example\.org/],
  ['Maintainer-email: A <a@b>', /"a@b"/],
  ['Home-page: ftp://example.org', /https/],
  ['Download-URL: example.org/x', /https/],
  [`Project-URL: ${'x'.repeat(33)}, https://example.org`, /1 to 32/],
  ['Project-URL: , https://example.org', /1 to 32/],
  ['Project-URL: Home, javascript:alert(1)', /web address/],
  ['Requires-Dist: x @ https://example.org/x.whl', /points to a URL/],
  ['Provides-Dist: x @ https://example.org/x.whl', /points to a URL/],
  ['Obsoletes-Dist: not one', /not a requirement/],
  ['Classifier: Topic :: Made Up', /not a known classifier/],
  ['Classifier: Topic :: Old', /Use Topic :: Real/],
]

test('each rule of the specification finds its fault, and no other rule does', () => {
  for (const [line, advice] of wrong)
    assertProblem(`${base}${line}\n`, validateMetadata(read(`${base}${line}\n`)), advice)
})

test('each rule for uploads finds its fault, and the specification alone does not', () => {
  for (const [line, advice] of wrongForUpload) {
    const file = read(`${base}${line}\n`)
    assert.deepEqual(validateMetadata(file), [], line)
    assertProblem(line, validateMetadata(file, { rules }), advice)
  }
})

function assertProblem(
  line: string,
  problems: ReturnType<typeof validateMetadata>,
  advice: RegExp,
): void {
  assert.equal(problems.length, 1, `${line} ${JSON.stringify(problems)}`)
  const [{ field, value, message }] = problems as [(typeof problems)[0]]
  assert.match(message, advice)
  assert.ok(line.toLowerCase().includes(`${field.toLowerCase()}:`), field)
  assert.ok(value !== undefined && value.length <= 80)
}

test('metadata without a fault has none', () => {
  const good = `${base}Summary: Fine\nAuthor-email: "C. Schultz, Jr." <cs@example.org>, snoopy@example.org\nHome-page: https://example.org/~x
Project-URL: Source, https://example.org/demo\nRequires-Dist: x[a]>=1; python_version < "3.12"\nRequires-Python: >=3.9\nProvides-Extra: all
Classifier: Topic :: Real\nLicense-Expression: MIT\nLicense-File: LICENSE\nImport-Name: demo ; private\nDynamic: license-file
Description-Content-Type: text/markdown; variant=GFM\n\nBody`
  assert.deepEqual(validateMetadata(read(good), { rules }), [])
})

test('all problems are found at once, missing fields among them', () => {
  const problems = validateMetadata(
    read('Summary: a\n b\nRequires-Dist: x >=\nRequires-Dist: y >=\n'),
  )
  assert.deepEqual(
    problems.map(({ field, value }) => [field, value]),
    [
      ['Metadata-Version', undefined],
      ['Name', undefined],
      ['Version', undefined],
      ['Summary', 'a\n b'],
      ['Requires-Dist', 'x >='],
      ['Requires-Dist', 'y >='],
    ],
  )
})

test('a required field given twice is told once, as that', () => {
  const problems = validateMetadata(read(`${base}Name: other\n`))
  assert.deepEqual(
    problems.map(({ field, message }) => [field, message]),
    [['Name', 'Name is given 2 times. Give it once.']],
  )
})

test('a field needs the metadata version that has it', () => {
  const ages: [since: string, before: string, line: string][] = [
    ['1.1', '1.0', 'Classifier: x'],
    ['1.2', '1.1', 'Requires-Dist: x'],
    ['2.1', '1.2', 'Provides-Extra: x'],
    ['2.2', '2.1', 'Dynamic: License'],
    ['2.4', '2.3', 'License-Expression: MIT'],
    ['2.4', '2.3', 'License-File: x'],
    ['2.5', '2.4', 'Import-Name: x'],
    ['2.5', '2.4', 'Import-Name:'],
  ]
  for (const [since, before, line] of ages) {
    const of = (version: string) =>
      validateMetadata(read(`Metadata-Version: ${version}\nName: x\nVersion: 1\n${line}\n`))
    assert.deepEqual(of(since), [], line)
    assert.match(
      of(before)[0]?.message ?? '',
      new RegExp(`needs Metadata-Version ${since} or later`),
      line,
    )
  }
})

test('a later 2.x is taken with what is understood, a 3.0 is not', () => {
  const of = (version: string) =>
    validateMetadata(read(`Metadata-Version: ${version}\nName: x\nVersion: 1\nFuture-Field: x\n`))
  assert.deepEqual(of('2.7'), [])
  assert.deepEqual(of('2.10'), [])
  assert.deepEqual(
    of('2.6').map(({ field }) => field),
    ['future-field'],
  )
  for (const version of ['3.0', '2.0', '1.3', '2', 'two', '2.7.1']) {
    assert.ok(
      of(version).some(({ field }) => field === 'Metadata-Version'),
      version,
    )
  }
})

test('local versions are for those who allow them', () => {
  const local = read('Metadata-Version: 2.1\nName: x\nVersion: 1.0+cpu\n')
  assert.deepEqual(validateMetadata(local), [])
  assert.match(validateMetadata(local, { rules })[0]!.message, /\+cpu/)
  assert.deepEqual(
    validateMetadata(local, { rules: uploadRules({ allowLocalVersions: true }) }),
    [],
  )
})

test('the old licence field and the new one exclude each other in uploads', () => {
  const both = read(`${base}License: MIT\nLicense-Expression: MIT\n`)
  assert.deepEqual(
    validateMetadata(both, { rules }).map(({ field }) => field),
    ['License'],
  )
})

test("setuptools' licence files from before 2.4 pass for upload, whatever they say", () => {
  const old = read('Metadata-Version: 2.1\nName: x\nVersion: 1\nLicense-File: ../LICENSE\n')
  assert.deepEqual(validateMetadata(old, { rules }), [])
  assert.equal(validateMetadata(old).length, 2)
})

test('what was wrong in reading is wrong in validating', () => {
  const bytes = Buffer.concat([
    Buffer.from(`${base}Author: `),
    Buffer.of(0xff),
    Buffer.from('\nstray\n'),
  ])
  assert.deepEqual(
    validateMetadata(readMetadata(bytes)).map(({ field }) => field),
    ['Author', 'headers'],
  )
})
