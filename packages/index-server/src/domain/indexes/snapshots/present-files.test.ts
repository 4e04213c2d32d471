import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '@cheeseshop/testing'
import { type LoggedChange, presentFiles } from './present-files.ts'

function change(
  type: LoggedChange['type'],
  version: string | null = null,
  filename: string | null = null,
  reason?: string,
): LoggedChange {
  return { type, version, filename, facts: JSON.stringify({ reason }) }
}

const present = (...changes: LoggedChange[]) =>
  [...presentFiles(changes)].map(([name, { yank }]) => (yank ? `${name} (${yank.reason})` : name))

test('what was deleted is not there, one by one, by release or with the project', () => {
  const files = [
    change('file-published', '1', 'a'),
    change('file-published', '1', 'b'),
    change('file-published', '2', 'c'),
  ]
  assert.deepEqual(present(...files, change('file-deleted', '1', 'a')), ['b', 'c'])
  assert.deepEqual(present(...files, change('release-deleted', '1')), ['c'])
  const again = change('file-published', '3', 'd')
  assert.deepEqual(present(...files, change('project-deleted'), again), ['d'])
})

test('a file joins a release that is yanked as a whole as a yanked one, and no other', () => {
  const yanked = [
    change('file-published', '1', 'a'),
    change('file-published', '1', 'b'),
    change('release-yanked', '1', null, 'bad'),
  ]
  const late = change('file-published', '1', 'c')
  assert.deepEqual(present(...yanked, late), ['a (bad)', 'b (bad)', 'c (bad)'])
  const half = change('file-unyanked', '1', 'b')
  assert.deepEqual(present(...yanked, half, late), ['a (bad)', 'b', 'c'])
  const rest = change('file-deleted', '1', 'b')
  assert.deepEqual(present(...yanked, half, rest, late), ['a (bad)', 'c (bad)'])
  assert.deepEqual(present(...yanked, change('release-unyanked', '1'), late), ['a', 'b', 'c'])
})

test('a long history takes time by its length, for anybody may ask for any moment of it', async () => {
  for (const versions of [1, 64_000]) {
    const history = Array.from({ length: 64_000 }, (_, at) =>
      change('file-published', `${at % versions}`, `${at}`),
    )
    assert.ok((await cpuTime(() => presentFiles(history))) < 2000)
  }
})
