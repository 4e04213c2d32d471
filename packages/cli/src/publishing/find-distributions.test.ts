import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { findDistributions } from './find-distributions.ts'

test('files, folders and patterns are found once, wheels first, and companions left out', async () => {
  await using folder = await temporaryFolder()
  mkdirSync(folder.join('dist'))
  const names = [
    'b-1.tar.gz',
    'a-1.tar.gz',
    'b-1-py3-none-any.whl',
    'b-1.tar.gz.asc',
    'b-1.zip',
    'c.txt',
  ]
  for (const name of names) writeFileSync(folder.join('dist', name), '')
  const find = (...words: string[]) =>
    findDistributions(words, folder.path).map((path) => relative(folder.path, path))
  const all = ['dist/b-1-py3-none-any.whl', 'dist/a-1.tar.gz', 'dist/b-1.tar.gz', 'dist/b-1.zip']
  assert.deepEqual(find(), all)
  assert.deepEqual(find('dist', 'dist/b-1.tar.gz', folder.join('dist', 'a-1.tar.gz')), all)
  assert.deepEqual(
    find('dist/b*'),
    all.filter((path) => path.includes('b-')),
  )
  assert.deepEqual(find('dist/b-1.tar.gz', 'dist/b-1.tar.gz.asc'), ['dist/b-1.tar.gz'])
  for (const word of ['dist/c.txt', 'missing', 'missing/*', 'dist/*.txt']) {
    assert.throws(() => find(word), { name: 'UsageError' }, word)
  }
})
