/** Unpacking zip files: what arrives, and what must never leave the folder. */
import assert from 'node:assert/strict'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { TemporaryFolder } from '../folder.fixture.ts'
import { bytesSource, extractZip, writeZip } from '../mod.ts'
import { craftZip } from './craft-zip.fixture.ts'
import { one } from './rule.fixture.ts'

process.umask(0o022)

test('files arrive with their content and their execute bit', async () => {
  using folder = new TemporaryFolder()
  const zip = writeZip([
    { name: 'empty/', bytes: '' },
    { name: 'a/b/run', bytes: 'hello', mode: 0o755 },
    { name: 'a/world', bytes: 'writable', mode: 0o666 },
    { name: 'a/root', bytes: 'setuid', mode: 0o104755 },
    { name: 'large', bytes: Buffer.alloc(6 * 2 ** 20, 'x') },
  ])
  assert.deepEqual(await extractZip(bytesSource(zip), folder.path), [
    'a/b/run',
    'a/world',
    'a/root',
    'large',
  ])
  assert.deepEqual(folder.tree(), {
    'deep/inside/a/b/run': '755 hello',
    'deep/inside/a/root': '755 setuid',
    'deep/inside/a/world': '644 writable',
    'deep/inside/large': `644 ${'x'.repeat(20)}`,
  })
})

test('a file of the same name is replaced, not written through', async () => {
  using folder = new TemporaryFolder()
  mkdirSync(folder.path, { recursive: true })
  writeFileSync(join(folder.outside, 'target'), 'mine')
  symlinkSync(join(folder.outside, 'target'), join(folder.path, 'a'))
  await extractZip(bytesSource(writeZip([{ name: 'a', bytes: 'new' }])), folder.path)
  assert.deepEqual(folder.tree(), { 'deep/inside/a': '644 new', target: '644 mine' })
})

test('nothing is written through a folder that is a link', async () => {
  using folder = new TemporaryFolder()
  mkdirSync(folder.path, { recursive: true })
  symlinkSync(folder.outside, join(folder.path, 'a'))
  const zip = bytesSource(writeZip([{ name: 'a/b', bytes: 'new' }]))
  await assert.rejects(extractZip(zip, folder.path), { code: 'link-in-path' })
  assert.deepEqual(folder.tree(), { 'deep/inside/a': `-> ${folder.outside}` })
})

test('a folder is not replaced by a file, nor a file by a folder', async () => {
  using folder = new TemporaryFolder()
  const inFolder = bytesSource(writeZip([{ name: 'a/b', bytes: 'x' }]))
  const file = bytesSource(writeZip([{ name: 'a', bytes: 'y' }]))
  await extractZip(inFolder, folder.path)
  await assert.rejects(extractZip(file, folder.path), { code: 'file-is-directory' })
  await extractZip(file, join(folder.path, 'other'))
  await assert.rejects(extractZip(inFolder, join(folder.path, 'other')), {
    code: 'file-is-directory',
  })
})

const attacks: Record<string, [Buffer, string]> = {
  'a way up': [craftZip(one({ name: '../../out' })), 'name-traversal'],
  'an absolute name': [craftZip(one({ name: '/out' })), 'name-absolute'],
  'a symbolic link': [craftZip(one({ name: 'a', content: '..', mode: 0o120777 })), 'symlink'],
  'a link and a file behind it': [
    craftZip({ entries: [{ name: 'a', content: '..', mode: 0o120777 }, { name: 'a/b' }] }),
    'file-is-directory',
  ],
}

for (const [what, [zip, code]] of Object.entries(attacks)) {
  test(`${what} writes nothing at all`, async () => {
    using folder = new TemporaryFolder()
    await assert.rejects(extractZip(bytesSource(zip), folder.path), { code })
    assert.deepEqual(folder.tree(), {})
  })
}

test('damage leaves no half file', async () => {
  const content = Buffer.alloc(6 * 2 ** 20, 'x')
  for (const lie of [{ crc: 1 }, { size: content.length + 1 }]) {
    using folder = new TemporaryFolder()
    const zip = craftZip({ entries: [{ name: 'good' }, { name: 'bad', content, both: lie }] })
    await assert.rejects(extractZip(bytesSource(zip), folder.path), { entry: 'bad' })
    assert.deepEqual(folder.tree(), { 'deep/inside/good': '644 hello' })
  }
})

test('folders count against the limit of entries', async () => {
  using folder = new TemporaryFolder()
  const zip = bytesSource(writeZip([{ name: 'a/b/c/d/e', bytes: '' }]))
  await assert.rejects(extractZip(zip, folder.path, { entries: 3 }), { code: 'too-many-entries' })
  await extractZip(zip, folder.path, { entries: 5 })
})
