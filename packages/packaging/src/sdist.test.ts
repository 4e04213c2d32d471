import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bytesSource, writeTarGz, writeZip } from '@cheeseshop/archive'
import { readSdist } from './sdist.ts'

const filename = 'demo-1.0.tar.gz'
const good = {
  'demo-1.0/PKG-INFO': 'Metadata-Version: 2.4\nName: Demo\nVersion: 1.0.0\nLicense-File: LICENSE\n',
  'demo-1.0/LICENSE': 'MIT',
  'demo-1.0/src/demo.egg-info/PKG-INFO': 'Metadata-Version: 2.1\nName: wrong\nVersion: 9\n',
}

type Files = Record<string, string | null>

function build(changes: Files = {}) {
  const files = Object.entries({ ...good, ...changes }).filter(([, text]) => text !== null)
  return files.map(([name, bytes]) => ({ name, bytes: bytes! }))
}

async function codes(changes: Files, name = filename): Promise<string[]> {
  const { problems } = await readSdist(bytesSource(writeTarGz(build(changes))), name)
  for (const { message } of problems) assert.match(message, /^[A-Z].*\.$/)
  return problems.map(({ code, severity }) =>
    severity === 'error' ? code : `${code} (${severity})`,
  )
}

test('a good sdist is read in both forms, and nothing is wrong with it', async () => {
  for (const [name, bytes] of [
    [filename, writeTarGz(build())],
    ['demo-1.0.zip', writeZip(build())],
  ] as const) {
    const sdist = await readSdist(bytesSource(bytes), name)
    assert.deepEqual(sdist.problems, [], name)
    assert.equal(sdist.root, 'demo-1.0')
    assert.equal(sdist.metadata.name, 'Demo')
    assert.equal(Buffer.from(sdist.metadataBytes ?? []).toString(), good['demo-1.0/PKG-INFO'])
    assert.deepEqual(
      sdist.members.map((member) => [member.name, member.size, member.type]).slice(0, 2),
      [
        ['demo-1.0/PKG-INFO', good['demo-1.0/PKG-INFO'].length, 'file'],
        ['demo-1.0/LICENSE', 3, 'file'],
      ],
    )
  }
})

test('each fault of an sdist has its code', async () => {
  const pkgInfo = (text: string): Files => ({ 'demo-1.0/PKG-INFO': text })
  const faults: [what: string, changes: Files, expected: string[]][] = [
    ['no PKG-INFO', { 'demo-1.0/PKG-INFO': null }, ['metadata-missing']],
    ['two roots', { 'other/x': 'x' }, ['root-several']],
    [
      'another name',
      pkgInfo('Metadata-Version: 2.1\nName: other\nVersion: 1.0\n'),
      ['metadata-name'],
    ],
    [
      'another version',
      pkgInfo('Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n'),
      ['metadata-version'],
    ],
    ['no licence', { 'demo-1.0/LICENSE': null }, ['license-file-missing']],
  ]
  for (const [what, changes, expected] of faults)
    assert.deepEqual(await codes(changes), expected, what)
  assert.deepEqual(await codes({}, 'Demo-1.0.0.tar.gz'), ['root-mismatch (warning)'])
})

test('names that are no sdist and bytes that are no archive are refused', async () => {
  await assert.rejects(readSdist(bytesSource(writeTarGz(build())), 'demo.tar.gz'), {
    name: 'InvalidSdistFilename',
  })
  await assert.rejects(readSdist(bytesSource(Buffer.from('no archive')), filename), {
    name: 'InvalidArchive',
  })
  await assert.rejects(readSdist(bytesSource(writeZip(build())), filename), {
    name: 'InvalidArchive',
  })
})
