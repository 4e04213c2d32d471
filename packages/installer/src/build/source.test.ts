import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type TarInput, writeTarGz, writeZip } from '@cheeseshop/archive'
import { temporaryFolder } from '@cheeseshop/testing'
import { openSource, sourceIdentity } from './source.ts'

async function open(filename: string, bytes: Uint8Array, subdirectory?: string) {
  await using folder = await temporaryFolder()
  const path = folder.join('file')
  writeFileSync(path, bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const source = {
    kind: 'archive',
    path,
    filename,
    sha256,
    ...(subdirectory && { subdirectory }),
  } as const
  const target = folder.join('target')
  const tree = await openSource(source, target)
  const inside = tree.folder.slice(tree.folder.indexOf('target') + 'target'.length)
  assert.ok(!existsSync(folder.join('evil')))
  return {
    inside,
    setup: readFileSync(join(tree.folder, 'setup.py'), 'utf8'),
    expected: tree.expected,
  }
}

const setup = (name: string): TarInput => ({ name, bytes: '# setup' })

test('an sdist is built in its one folder, and what its name promises is remembered', async () => {
  const tree = await open('demo-1.0.tar.gz', writeTarGz([setup('demo-1.0/setup.py')]))
  assert.equal(tree.inside, '/demo-1.0')
  assert.equal(tree.expected.name, 'demo')
  assert.equal(String(tree.expected.version), '1.0')
  assert.equal(
    (await open('demo-1.0.zip', writeZip([{ name: 'x/setup.py', bytes: '' }]))).inside,
    '/x',
  )
})

test('other archives may have several folders, of which one is named', async () => {
  const bytes = writeTarGz([setup('repo/setup.py'), setup('repo/part/setup.py'), setup('repo/b')])
  assert.equal((await open('main.tgz', bytes)).inside, '/repo')
  assert.equal((await open('main.tgz', bytes, 'part')).inside, '/repo/part')
  assert.equal((await open('main.tgz', writeTarGz([setup('setup.py'), setup('b')]))).inside, '')
  for (const path of ['..', 'missing', 'part/../../..']) {
    await assert.rejects(open('main.tgz', bytes, path), {
      code: 'bad-source',
      message: /no folder/,
    })
  }
})

test('archives that lead out, are damaged, empty or of another kind are refused', async () => {
  const evil = [
    writeTarGz([setup('../evil')]),
    writeTarGz([{ name: 'a/link', type: 'symlink', linkName: '../..' }, setup('a/link/evil')]),
    Buffer.from('no archive'),
    writeTarGz([]),
  ]
  for (const bytes of evil) await assert.rejects(open('a-1.tar.gz', bytes), { code: 'bad-source' })
  await assert.rejects(open('a-1.tar.xz', writeTarGz([])), {
    code: 'bad-source',
    message: /neither/,
  })
  await assert.rejects(openSource({ kind: 'folder', path: '/there/is/none' }, '/'), {
    code: 'bad-source',
  })
})

test('sources are the same by content, and folders never are', () => {
  const archive = { kind: 'archive', path: '/a', filename: 'a', sha256: '00' } as const
  const same = { ...archive, path: '/b', filename: 'b' }
  assert.equal(sourceIdentity(archive), sourceIdentity(same))
  assert.notEqual(sourceIdentity(archive), sourceIdentity({ ...archive, subdirectory: 'x' }))
  assert.equal(sourceIdentity({ kind: 'folder', path: '/a' }), undefined)
})
