import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { bytesSource, writeZip } from '@cheeseshop/archive'
import { checkWheelRecord } from './check-wheel-record.ts'
import { readWheel } from './read-wheel.ts'

const info = 'demo-1.0.dist-info'
const filename = 'demo-1.0-py3-none-any.whl'
const good = {
  'demo/__init__.py': 'pass\n',
  [`${info}/METADATA`]:
    'Metadata-Version: 2.4\nName: Demo\nVersion: 1.0.0\nLicense-File: LICENSE\n',
  [`${info}/WHEEL`]:
    'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  [`${info}/entry_points.txt`]: '[console_scripts]\ndemo = demo:main\n',
  [`${info}/licenses/LICENSE`]: 'MIT',
}

type Files = Record<string, string | null>

/** The good wheel with changes; null leaves a file out. RECORD lists all, unless it is among the changes. */
function build(changes: Files = {}): Uint8Array {
  const files = Object.entries({ ...good, ...changes }).filter(([, text]) => text !== null) as [
    string,
    string,
  ][]
  const record = files
    .map(([path, text]) => `${path},sha256=${sha256(text)},${text.length}\n`)
    .join('')
  if (!(`${info}/RECORD` in changes)) files.push([`${info}/RECORD`, `${record}${info}/RECORD,,\n`])
  return writeZip(files.map(([name, bytes]) => ({ name, bytes })))
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}

async function codes(changes: Files, name = filename): Promise<string[]> {
  const { problems } = await readWheel(bytesSource(build(changes)), name)
  for (const { message } of problems) assert.match(message, /^[A-Z].*\.$/)
  return problems.map(({ code, severity }) =>
    severity === 'error' ? code : `${code} (${severity})`,
  )
}

test('a good wheel is read, and nothing is wrong with it', async () => {
  const wheel = await readWheel(bytesSource(build()), filename)
  assert.deepEqual(wheel.problems, [])
  assert.deepEqual(await checkWheelRecord(wheel, { hashes: true }), [])
  assert.equal(wheel.distInfo, info)
  assert.equal(Buffer.from(wheel.metadataBytes ?? []).toString(), good[`${info}/METADATA`])
  assert.equal(wheel.metadata.name, 'Demo')
  assert.deepEqual(wheel.wheel, {
    wheelVersion: '1.0',
    generator: 'test',
    rootIsPurelib: true,
    tags: ['py3-none-any'],
  })
  assert.equal(wheel.record.length, 6)
  assert.equal(wheel.entryPoints?.get('console_scripts')?.[0]?.attribute, 'main')
})

const faults: [what: string, changes: Files, expected: string[]][] = [
  ['no METADATA', { [`${info}/METADATA`]: null }, ['metadata-missing']],
  ['no WHEEL', { [`${info}/WHEEL`]: null }, ['wheel-file-missing']],
  ['no RECORD', { [`${info}/RECORD`]: null }, ['record-missing']],
  ['a broken RECORD', { [`${info}/RECORD`]: 'a,b,c\n' }, ['record-invalid']],
  [
    'another name',
    { [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n' },
    ['metadata-name'],
  ],
  [
    'another version',
    { [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.1\n' },
    ['metadata-version'],
  ],
  [
    'no version',
    { [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: demo\n' },
    ['metadata-version'],
  ],
  [
    'format 2',
    { [`${info}/WHEEL`]: 'Wheel-Version: 2.0\nTag: py3-none-any\n' },
    ['wheel-file-version'],
  ],
  ['no format', { [`${info}/WHEEL`]: 'Tag: py3-none-any\n' }, ['wheel-file-version']],
  [
    'the draft of format 1.0',
    { [`${info}/WHEEL`]: 'Wheel-Version: 0.1\nTag: py3-none-any\n' },
    ['wheel-file-version (warning)'],
  ],
  [
    'format 1.9',
    { [`${info}/WHEEL`]: 'Wheel-Version: 1.9\nTag: py3-none-any\n' },
    ['wheel-file-version (warning)'],
  ],
  [
    'other tags',
    { [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nTag: py2-none-any\nTag: nonsense\n' },
    ['wheel-file-tags (warning)'],
  ],
  ['two dist-infos', { 'other-1.0.dist-info/METADATA': 'x' }, ['dist-info-several']],
  [
    'broken entry points',
    { [`${info}/entry_points.txt`]: 'demo = demo:main\n' },
    ['entry-points-invalid'],
  ],
  [
    'a script elsewhere',
    { [`${info}/entry_points.txt`]: '[gui_scripts]\n../x = demo:main\n' },
    ['entry-points-invalid'],
  ],
  ['no licence', { [`${info}/licenses/LICENSE`]: null }, ['license-file-missing']],
]

test('each fault of a wheel has its code', async () => {
  for (const [what, changes, expected] of faults)
    assert.deepEqual(await codes(changes), expected, what)
})

test('entry points that are not UTF-8 are a fault', async () => {
  const bytes = writeZip([{ name: `${info}/entry_points.txt`, bytes: Uint8Array.of(0xff) }])
  const { problems } = await readWheel(bytesSource(bytes), filename)
  assert.ok(
    problems.some(
      ({ code, message }) => code === 'entry-points-invalid' && message.includes('UTF-8'),
    ),
  )
})

test('a folder in another spelling is found, one of another project is a fault, and none is too', async () => {
  const changes = (folder: string): Files => ({
    ...Object.fromEntries(Object.keys(good).map((name) => [name, null])),
    [`${info}/RECORD`]: null,
    [`${folder}/METADATA`]: 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
    [`${folder}/WHEEL`]: good[`${info}/WHEEL`]!,
    [`${folder}/RECORD`]: '',
  })
  assert.deepEqual(await codes(changes('Demo-1.0.0.dist-info')), ['dist-info-mismatch (warning)'])
  assert.deepEqual(await codes(changes('other-1.0.dist-info')), ['dist-info-mismatch'])
  assert.deepEqual(await codes(changes('demo')), ['dist-info-missing'])
})

test('licence files from before the field was a standard are nobody’s business', async () => {
  const old = 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nLicense-File: GONE\n'
  assert.deepEqual(await codes({ [`${info}/METADATA`]: old }), [])
})

test('names that are no wheel and bytes that are no zip are refused', async () => {
  await assert.rejects(readWheel(bytesSource(build()), 'demo.whl'), {
    name: 'InvalidWheelFilename',
  })
  await assert.rejects(readWheel(bytesSource(Buffer.from('no zip')), filename), {
    name: 'InvalidArchive',
  })
})

const record = (await readWheel(bytesSource(build()), filename)).record
const listed = `demo/__init__.py,sha256=${sha256('pass\n')},5\n`

const recordFaults: [what: string, from: string, to: string, expected: string[]][] = [
  ['a file not listed', listed, '', ['record-unlisted demo/__init__.py']],
  ['a file not there', listed, `${listed}gone.py,,\n`, ['record-absent gone.py']],
  ['a folder listed', listed, `${listed}demo/,,\n`, ['record-absent demo/']],
  ['no digest', `sha256=${sha256('pass\n')}`, '', ['record-hash-missing demo/__init__.py']],
  ['a weak digest', 'sha256', 'md5', ['record-hash-unsupported demo/__init__.py']],
  ['a wrong digest', sha256('pass\n'), sha256('fail\n'), ['record-hash-mismatch demo/__init__.py']],
  ['a wrong size', ',5\n', ',6\n', ['record-size-mismatch demo/__init__.py']],
  ['a row twice', listed, listed + listed, ['record-duplicate demo/__init__.py']],
  [
    'another algorithm',
    `sha256=${sha256('pass\n')}`,
    `sha512=${createHash('sha512').update('pass\n').digest('base64url')}`,
    [],
  ],
]

test('each difference between RECORD and the files has its code', async () => {
  const rows = record.map(
    ({ path, hash, size }) =>
      `${path},${hash ? `${hash.algorithm}=${hash.digest}` : ''},${size ?? ''}\n`,
  )
  for (const [what, from, to, expected] of recordFaults) {
    const text = rows.join('')
    assert.ok(text.includes(from), what)
    const bytes = build({ [`${info}/RECORD`]: text.replace(from, () => to) })
    const wheel = await readWheel(bytesSource(bytes), filename)
    const problems = await checkWheelRecord(wheel, { hashes: true })
    assert.deepEqual(
      problems.map(({ code, entry }) => `${code} ${entry}`),
      expected,
      what,
    )
  }
})

test('digests are only compared when asked for', async () => {
  const wheel = await readWheel(
    bytesSource(build({ 'demo/x.py': 'x', [`${info}/RECORD`]: 'demo/x.py,sha256=wrong,1\n' })),
    filename,
  )
  const found = async (hashes: boolean) =>
    (await checkWheelRecord(wheel, { hashes })).map(({ code }) => code)
  assert.ok(!(await found(false)).includes('record-hash-mismatch'))
  assert.ok((await found(true)).includes('record-hash-mismatch'))
})
