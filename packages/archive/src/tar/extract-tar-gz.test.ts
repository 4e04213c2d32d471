/** Unpacking tar.gz archives: what arrives, and what must never leave the folder. */
import assert from 'node:assert/strict'
import { statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { TemporaryFolder } from '../folder.fixture.ts'
import { bytesSource, extractTarGz } from '../mod.ts'
import { type CraftedMember, craftTarGz, pax } from './craft-tar.fixture.ts'

process.umask(0o022)

const file = (name: string, content = 'hello', mode = '0000644'): CraftedMember => ({
  name,
  content,
  mode,
})
const folder = (name: string): CraftedMember => ({ name: `${name}/`, type: '5' })
const symlink = (name: string, linkName: string): CraftedMember => ({ name, type: '2', linkName })
const hardLink = (name: string, linkName: string): CraftedMember => ({ name, type: '1', linkName })

function extract(members: CraftedMember[], to: TemporaryFolder): Promise<string[]> {
  return extractTarGz(bytesSource(craftTarGz(members)), to.path)
}

test('files, folders and links arrive', async () => {
  using temporary = new TemporaryFolder()
  const members = [
    folder('p'),
    file('p/a/run', 'hello', '0000755'),
    file('p/world', 'writable', '0000666'),
    file('p/root', 'setuid', '0006711'),
    file('p/group', 'no owner', '0000611'),
    symlink('p/a/up', '../world'),
    symlink('p/dangling', 'nowhere'),
    hardLink('p/hard', 'p/a/run'),
  ]
  assert.deepEqual(await extract(members, temporary), [
    'p/a/run',
    'p/world',
    'p/root',
    'p/group',
    'p/a/up',
    'p/dangling',
    'p/hard',
  ])
  assert.deepEqual(temporary.tree(), {
    'deep/inside/p/a/run': '755 hello',
    'deep/inside/p/a/up': '-> ../world',
    'deep/inside/p/dangling': '-> nowhere',
    'deep/inside/p/group': '644 no owner',
    'deep/inside/p/hard': '755 hello',
    'deep/inside/p/root': '755 setuid',
    'deep/inside/p/world': '644 writable',
  })
})

test('files keep their times, which builds compare', async () => {
  using temporary = new TemporaryFolder()
  await extract([{ ...file('a'), mtime: '10000000000' }], temporary)
  assert.equal(statSync(join(temporary.path, 'a')).mtimeMs, 8 ** 10 * 1000)
})

test('of files given twice, the last one stays', async () => {
  using temporary = new TemporaryFolder()
  await extract([file('a', 'first'), file('a', 'second')], temporary)
  assert.deepEqual(temporary.tree(), { 'deep/inside/a': '644 second' })
})

describe('nothing outside is written or linked to', () => {
  const attacks: [string, CraftedMember[], string][] = [
    ['by a name that goes up', [file('../../evil')], 'name-traversal'],
    ['by a name that goes up from within', [folder('a'), file('a/../../evil')], 'name-traversal'],
    ['by an absolute name', [file('/evil')], 'name-absolute'],
    ['by a pax path', [pax({ path: '../evil' }), file('a')], 'name-traversal'],
    ['by a link up', [symlink('a', '..'), file('a/evil')], 'link-outside'],
    ['by an absolute link', [symlink('a', '/'), file('a/evil')], 'link-absolute'],
    [
      'by a file behind a link within',
      [folder('d'), symlink('a', 'd'), file('a/b')],
      'link-in-path',
    ],
    [
      'by a folder behind a link within',
      [folder('d'), symlink('a', 'd'), folder('a/b')],
      'link-in-path',
    ],
    [
      'by a link behind a link within',
      [folder('d/e'), symlink('a', 'd/e'), symlink('a/up', '..')],
      'link-in-path',
    ],
    [
      'by a chain of links that counts its folders wrong',
      [folder('x/y'), symlink('x/y/z', '../..'), symlink('out', 'x/y/z/..')],
      'link-outside',
    ],
    ['by a folder that becomes a link', [folder('a'), symlink('a', '.')], 'file-is-directory'],
    ['by a link that becomes a folder', [symlink('a', '.'), folder('a')], 'link-in-path'],
    ['by a hard link up', [hardLink('a', '../target')], 'link-outside'],
    ['by a hard link to an absolute place', [hardLink('a', '/target')], 'link-absolute'],
    [
      'by a hard link to a link',
      [symlink('s', 'nowhere'), hardLink('a', 's')],
      'link-target-missing',
    ],
    [
      'by a hard link behind a link',
      [folder('d'), file('d/f'), symlink('s', 'd'), hardLink('a', 's/f')],
      'link-in-path',
    ],
    ['by a hard link to nothing', [hardLink('a', 'b')], 'link-target-missing'],
    ['by a hard link to a folder', [folder('d'), hardLink('a', 'd')], 'link-target-missing'],
    ['by a device', [{ name: 'a', type: '3' }], 'special-file'],
    ['by a pipe', [{ name: 'a', type: '6' }], 'special-file'],
  ]
  for (const [how, members, code] of attacks) {
    test(how, async () => {
      using temporary = new TemporaryFolder()
      writeFileSync(join(temporary.outside, 'target'), 'mine')
      await assert.rejects(extract(members, temporary), { name: 'InvalidArchive', code })
      const escaped = Object.keys(temporary.tree()).filter(
        (path) => !path.startsWith('deep/inside/'),
      )
      assert.deepEqual(escaped, ['target'])
    })
  }
})

test('a file that replaces a link does not write through it', async () => {
  using temporary = new TemporaryFolder()
  await extract([file('a', 'mine'), symlink('l', 'a'), file('l', 'new')], temporary)
  assert.deepEqual(temporary.tree(), { 'deep/inside/a': '644 mine', 'deep/inside/l': '644 new' })
})

test('a file that replaces one of two hard links leaves the other', async () => {
  using temporary = new TemporaryFolder()
  await extract([file('a', 'mine'), hardLink('l', 'a'), file('l', 'new')], temporary)
  assert.deepEqual(temporary.tree(), { 'deep/inside/a': '644 mine', 'deep/inside/l': '644 new' })
})

test('a hard link to itself changes nothing', async () => {
  using temporary = new TemporaryFolder()
  await extract([file('a', 'mine'), hardLink('a', 'a')], temporary)
  assert.deepEqual(temporary.tree(), { 'deep/inside/a': '644 mine' })
})

test('damage leaves no half file', async () => {
  using temporary = new TemporaryFolder()
  const archive = craftTarGz([file('good'), file('bad', 'x'.repeat(500_000))])
  const cut = bytesSource(archive.subarray(0, archive.length - 400))
  await assert.rejects(extractTarGz(cut, temporary.path), { code: 'truncated' })
  assert.deepEqual(temporary.tree(), { 'deep/inside/good': '644 hello' })
})
