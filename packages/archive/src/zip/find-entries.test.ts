/** Entries found by how their names end: the same as those of a zip file that is opened whole, and checked as much. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bytesSource, type InvalidArchive, Zip } from '../mod.ts'
import { type CraftedZip, craftZip, zip64Extra } from './craft-zip.fixture.ts'

const find = (zip: CraftedZip) => Zip.openFor('/METADATA', bytesSource(craftZip(zip)))
const one = { name: 'a/METADATA', content: 'Name: a' }

describe('what is found', () => {
  const honest: Record<string, CraftedZip> = {
    'first of three': { entries: [one, { name: 'a/b' }, { name: 'a/c' }] },
    'last of three': { entries: [{ name: 'a/b' }, { name: 'a/c' }, one] },
    twice: { entries: [one, { name: 'a/b' }, { name: 'b/METADATA', content: 'b' }] },
    'behind an entry whose place is a ZIP64 one': {
      entries: [{ name: 'a/b', central: { offset: 0xffffffff, extra: zip64Extra(0) } }, one],
    },
    'not at all': {
      entries: [{ name: 'METADATA' }, { name: 'a/METADATA/', content: '', method: 0 }],
    },
  }
  for (const [what, crafted] of Object.entries(honest)) {
    test(`is what opening finds: ${what}`, async () => {
      const whole = await Zip.open(bytesSource(craftZip(crafted)))
      const wanted = whole.entries.filter(({ name }) => name.endsWith('/METADATA'))
      const found = await find(crafted)
      assert.deepEqual(found.entries, wanted)
      for (const entry of wanted) {
        assert.deepEqual(await found.read(entry), await whole.read(entry))
      }
    })
  }
})

describe('a zip file is refused', () => {
  const hostile: Record<string, [CraftedZip, code: string]> = {
    'with two entries of the name': [{ entries: [one, one] }, 'duplicate-name'],
    'whose entry reaches into the next one': [
      { entries: [{ ...one, both: { compressedSize: 60 } }, { name: 'a/b' }] },
      'overlap',
    ],
    'whose entry has the place of another': [
      { entries: [{ name: 'a/b' }, { ...one, central: { offset: 0 } }] },
      'overlap',
    ],
    'that counts other entries than it has': [
      { entries: [one], end: { entries: 2, entriesHere: 2 } },
      'count-mismatch',
    ],
    'with bytes before its first entry': [
      { prefix: Buffer.from('#!/bin/sh'), entries: [one] },
      'prefix-data',
    ],
    'whose entry has a name that goes up': [
      { entries: [{ name: '../METADATA' }] },
      'name-traversal',
    ],
  }
  for (const [what, [crafted, code]] of Object.entries(hostile)) {
    test(what, async () => {
      await assert.rejects(find(crafted), (error: InvalidArchive) => {
        assert.equal(error.code, code)
        return true
      })
    })
  }
})

test('what is wrong with other entries is no matter', async () => {
  const zip = await find({ entries: [one, { name: '../b' }, { name: 'c' }, { name: 'c' }] })
  assert.deepEqual(
    zip.entries.map(({ name }) => name),
    ['a/METADATA'],
  )
})
