/** What a clean zip file may have, and what a report of an unclean one looks like. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bytesSource, checkZip, Zip } from '../mod.ts'
import {
  type CraftedZip,
  craftZip,
  extraField,
  unicodePath,
  zip64Extra,
} from './craft-zip.fixture.ts'
import { codesOf, one, refused } from './rule.fixture.ts'

describe('a clean zip file has no problems', () => {
  const clean: [string, CraftedZip][] = [
    ['with a deflated entry', one({})],
    ['with a stored entry', one({ method: 0 })],
    ['without entries', { entries: [] }],
    ['with folders', { entries: [{ name: 'a/', content: '', method: 0 }, { name: 'a/b' }] }],
    ['with a comment at its end', { comment: Buffer.from('made by hand') }],
    ['with a UTF-8 name', one({ name: 'ä/日本.txt', flags: 0x0800 })],
    [
      'with an unrelated extra field',
      one({ both: { extra: extraField(0x5455, Buffer.alloc(5)) } }),
    ],
    ['with a whole zip file stored in it', one({ method: 0, content: craftZip({}) })],
    [
      'with a ZIP64 end',
      { zip64: {}, end: { directorySize: 0xffffffff, directoryStart: 0xffffffff } },
    ],
    ['with a ZIP64 end that is not needed', { zip64: {} }],
    [
      'with a ZIP64 packed size',
      one({ both: { compressedSize: 0xffffffff, extra: zip64Extra(7) } }),
    ],
    [
      'with both ZIP64 sizes',
      one({ both: { compressedSize: 0xffffffff, size: 0xffffffff, extra: zip64Extra(5, 7) } }),
    ],
    ['with both sizes repeated in the local header', one({ local: { extra: zip64Extra(5, 7) } })],
    ['with a ZIP64 offset', one({ central: { offset: 0xffffffff, extra: zip64Extra(0) } })],
    ['with a Unicode path that repeats the name', one({ both: { extra: unicodePath('fixme') } })],
  ]
  for (const [how, zip] of clean) {
    test(how, async () => {
      const bytes = craftZip(zip)
      assert.deepEqual(await checkZip(bytesSource(bytes)), [])
      const opened = await Zip.open(bytesSource(bytes))
      for (const [at, entry] of opened.entries.entries()) {
        const content = Buffer.from((zip.entries?.[at]?.content ?? 'hello') as string)
        assert.deepEqual(Buffer.from(await opened.read(entry)), content)
      }
    })
  }
})

describe('limits', () => {
  const two = { entries: [{ name: 'a' }, { name: 'b' }] }
  const bomb = Buffer.alloc(2 ** 20)
  const zeros = one({ content: bomb })
  refused('hold for the number of entries', two, 'too-many-entries', { entries: 1 })
  refused(
    'hold for entries that the end record does not count',
    { ...two, end: { entries: 1, entriesHere: 1 } },
    'too-many-entries',
    { entries: 1 },
  )
  refused('hold for one entry', one({}), 'entry-too-large', { entrySize: 4 })
  refused('hold for all entries together', two, 'too-large', { totalSize: 9 })
  refused('hold for the ratio', zeros, 'bomb', { ratioFrom: 2 ** 20 - 1 })
  refused('hold for names', one({}), 'name-too-long', { nameLength: 4 })

  test('let through what just meets them', async () => {
    assert.deepEqual(
      await codesOf(craftZip(two), { entries: 2, entrySize: 5, totalSize: 10, nameLength: 1 }),
      [],
    )
    assert.deepEqual(await codesOf(craftZip(zeros), { ratioFrom: 2 ** 20 }), [])
    assert.deepEqual(await codesOf(craftZip(zeros), { ratioFrom: 0, ratio: 1000 }), [])
  })

  test('hold by default for a bomb of more than 64 MiB and 50 times its size', async () => {
    const bombs = craftZip({
      entries: Array.from({ length: 65 }, (_, at) => ({ name: `${at}`, content: bomb })),
    })
    assert.deepEqual(await codesOf(bombs), ['bomb'])
  })

  test('hold for a directory of absurd size, before it is read', async () => {
    const size = 40 * 2 ** 20
    const zip = craftZip({ entries: [], end: { directorySize: size, entries: 9, entriesHere: 9 } })
    const far = {
      size: size + 22,
      read: async (start: number, end: number) => {
        assert.ok(end - start < 2 ** 20)
        return Buffer.concat([Buffer.alloc(end - start - 22), zip])
      },
    }
    await assert.rejects(Zip.open(far), { code: 'too-large' })
  })
})

test('all problems are reported at once, with sentences and names', async () => {
  const problems = await checkZip(
    bytesSource(
      craftZip({
        entries: [
          { name: '../a', local: { crc: 1 }, after: Buffer.from('gap') },
          { name: 'b', both: { method: 12 } },
          { name: 'c', mode: 0o120777, central: { comment: 'x' } },
        ],
      }),
    ),
  )
  assert.deepEqual(
    problems.map(({ code, entry }) => [code, entry]),
    [
      ['name-traversal', '../a'],
      ['entry-comment', 'c'],
      ['symlink', 'c'],
      ['local-header-differs', '../a'],
      ['gap', '../a'],
      ['unsupported-method', 'b'],
    ],
  )
  for (const { message } of problems) assert.match(message, /^[A-Z].*\.$/)
})

test('a report ends at a thousand problems', async () => {
  const entries = Array.from({ length: 1500 }, (_, at) => ({ name: `/${at}` }))
  assert.equal((await codesOf(craftZip({ entries }))).length, 1000)
})

test('errors of the source itself are thrown, not reported', async () => {
  const broken = { size: 100, read: () => Promise.reject(new Error('the disk is gone')) }
  await assert.rejects(checkZip(broken), /the disk is gone/)
})
