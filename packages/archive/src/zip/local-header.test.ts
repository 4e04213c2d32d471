/** The rules for what lies around the data of an entry, each broken by one lie. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32 } from 'node:zlib'
import { bytesSource, Zip } from '../mod.ts'
import {
  type CraftedEntry,
  type CraftedZip,
  craftZip,
  extraField,
  uint32,
  uint64,
} from './craft-zip.fixture.ts'
import { one, refused, reported } from './rule.fixture.ts'

describe('local headers', () => {
  const differ = (rule: string, local: CraftedEntry['local']) =>
    reported(rule, one({ local }), 'local-header-differs')
  const gap = Buffer.from('something')
  const inner: CraftedEntry = { name: 'inner', method: 0 }
  differ('have the name of the directory', { name: 'other' })
  differ('have its CRC', { crc: 1 })
  differ('have its size', { size: 6 })
  differ('have its packed size', { compressedSize: 6 })
  differ('have its method', { method: 0 })
  differ('have its flags', { flags: 2 })
  refused('are there', { entries: [{ name: 'a' }, { name: 'b', unwritten: true }] }, [
    'overlap',
    'bad-local-header',
  ])
  refused(
    'are not used twice',
    { entries: [{ name: 'a' }, { name: 'a', unwritten: true, central: { offset: 0 } }] },
    ['overlap', 'duplicate-name', 'bad-local-header'],
  )
  refused(
    'do not lie within another entry',
    {
      entries: [
        { name: 'outer', method: 0, content: craftZip(one(inner)) },
        { ...inner, unwritten: true, central: { offset: 35 } },
      ],
    },
    ['overlap', 'overlap', 'gap'],
  )
  refused(
    'do not make room where data should be',
    one({
      local: { extra: Buffer.alloc(0) },
      after: Buffer.alloc(0),
      central: { compressedSize: 8 },
    }),
    ['overlap', 'overlap'],
  )
  reported(
    'are all in the directory',
    { entries: [{ name: 'a' }, { name: 'b', unlisted: true }] },
    'hidden-entry',
  )
  reported(
    'have no gap before them',
    { entries: [{ name: 'a', after: gap }, { name: 'b' }] },
    'gap',
  )
  reported('have no gap between the last and the directory', one({ after: gap }), 'gap')
  reported(
    'have no unknown record between them',
    {
      entries: [{ name: 'a', after: Buffer.from('PK\x06\x08\0\0\0\0', 'latin1') }, { name: 'b' }],
    },
    'gap',
  )
})

describe('data descriptors', () => {
  const helloCrc = crc32('hello')
  const described = (after: Buffer, local: CraftedEntry['local'] = {}): CraftedZip =>
    one({ flags: 8, local: { crc: 0, size: 0, compressedSize: 0, ...local }, after })
  const mark = uint32(0x08074b50)
  const good = uint32(helloCrc, 7, 5)
  const good64 = Buffer.concat([uint32(helloCrc), uint64(7, 5)])
  const zip64 = { extra: extraField(1, Buffer.alloc(0)) }
  const told = (rule: string, zip: CraftedZip) => reported(rule, zip, 'data-descriptor')
  const bad = (rule: string, after: Buffer) =>
    reported(rule, described(after), ['data-descriptor', 'bad-data-descriptor', 'gap'])
  told('are reported, though right', described(Buffer.concat([mark, good])))
  told('are reported without a signature', described(good))
  told('are reported with 64-bit sizes', described(Buffer.concat([mark, good64]), zip64))
  told('are reported with 64-bit sizes and no signature', described(good64, zip64))
  told(
    'are reported beside true sizes in the local header',
    described(good, { crc: helloCrc, size: 5, compressedSize: 7 }),
  )
  bad('have the CRC', Buffer.concat([mark, uint32(1, 7, 5)]))
  bad('have a CRC other than zero', Buffer.concat([mark, uint32(0, 7, 5)]))
  bad('have the packed size', Buffer.concat([mark, uint32(helloCrc, 8, 5)]))
  bad('have the size', Buffer.concat([mark, uint32(helloCrc, 7, 6)]))
  bad('have the size, without a signature too', uint32(helloCrc, 7, 6))
  bad('have the 64-bit packed size', Buffer.concat([mark, uint32(helloCrc), uint64(8, 5)]))
  bad('have the 64-bit size', Buffer.concat([mark, uint32(helloCrc), uint64(7, 6)]))
  reported('are there when announced', described(Buffer.alloc(0)), [
    'data-descriptor',
    'bad-data-descriptor',
  ])
  reported('have nothing after them', described(Buffer.concat([mark, good, mark])), [
    'data-descriptor',
    'gap',
  ])
  reported('do not excuse wrong sizes in the local header', described(good, { size: 6 }), [
    'local-header-differs',
    'data-descriptor',
  ])

  test('with a wrong CRC are refused by reading, too', async () => {
    const zip = await Zip.open(
      bytesSource(craftZip(described(Buffer.concat([mark, uint32(1, 7, 5)])))),
    )
    await assert.rejects(zip.read(zip.entries[0]!), { code: 'bad-data-descriptor' })
    await assert.rejects(Array.fromAsync(zip.stream(zip.entries[0]!)), {
      code: 'bad-data-descriptor',
    })
  })
})
