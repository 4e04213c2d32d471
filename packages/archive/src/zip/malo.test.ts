/**
 * The zip files that uv and the public index test against, made again from their names and what is
 * known of them: what all readers accept, what some do, what none should, and what was an attack.
 */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import { bytesSource, checkZip, type InvalidArchive, Zip } from '../mod.ts'
import {
  type CraftedEntry,
  type CraftedZip,
  craftZip,
  extraField,
  uint32,
  uint64,
  unicodePath,
  zip64Extra,
} from './craft-zip.fixture.ts'
import { codesOf, one } from './rule.fixture.ts'

const mark = uint32(0x08074b50)
const helloCrc = crc32('hello')
const all = 0xffffffff
const pointsToZip64 = {
  directorySize: all,
  directoryStart: all,
  entries: 0xffff,
  entriesHere: 0xffff,
}

function described(...descriptor: Buffer[]): CraftedZip {
  const zeros = { crc: 0, size: 0, compressedSize: 0 }
  return one({ flags: 8, local: zeros, after: Buffer.concat(descriptor) })
}

function described64(...descriptor: Buffer[]): CraftedZip {
  const zip = described(...descriptor)
  const extra = extraField(1, Buffer.alloc(0))
  const [entry] = zip.entries as [CraftedEntry]
  return one({ ...entry, local: { ...entry.local, extra } })
}

const accepted: Record<string, CraftedZip> = {
  comment: { comment: Buffer.from('a comment') },
  normal_deflate: one({}),
  normal_deflate_zip64_extra: one({ both: { compressedSize: all, extra: zip64Extra(7) } }),
  store: one({ method: 0 }),
  subdir: { entries: [{ name: 'a/', content: '', method: 0 }, { name: 'a/b' }] },
  nosubdir: one({ name: 'a/b' }),
  zip64_eocd: { zip64: {}, end: { directorySize: all, directoryStart: all } },
}

describe('accepted by all', () => {
  for (const [name, zip] of Object.entries(accepted)) {
    test(name, async () => assert.deepEqual(await codesOf(craftZip(zip)), []))
  }
})

/** Found in old wheels; readable here, and for the caller of the check to judge. */
const readable: Record<string, [CraftedZip, string]> = {
  data_descriptor: [described(mark, uint32(helloCrc, 7, 5)), 'data-descriptor'],
  data_descriptor_zip64: [described64(mark, uint32(helloCrc), uint64(7, 5)), 'data-descriptor'],
  extra3byte: [one({ both: { extra: Buffer.alloc(3) } }), 'bad-extra-field'],
}

describe('readable, but reported', () => {
  for (const [name, [zip, code]] of Object.entries(readable)) {
    test(name, async () => {
      const bytes = craftZip(zip)
      assert.deepEqual([...new Set(await codesOf(bytes))], [code])
      assert.equal((await readAll(bytes))[0]?.toString(), 'hello')
    })
  }
})

/** By name, with the code that reading gives; `undefined` where only the check can see it. */
const rejected: Record<string, [CraftedZip | Buffer, string | undefined]> = {
  '8bitcomment': [{ comment: craftZip({}) }, 'two-ends'],
  cd_extra_entry: [{ entries: [{}, { unwritten: true, central: { offset: 0 } }] }, 'overlap'],
  cd_missing_entry: [{ entries: [{}, { name: 'two', unlisted: true }] }, undefined],
  data_descriptor_bad_crc: [described(mark, uint32(1, 7, 5)), 'bad-data-descriptor'],
  data_descriptor_bad_crc_0: [described(mark, uint32(0, 7, 5)), 'bad-data-descriptor'],
  data_descriptor_bad_csize: [described(mark, uint32(helloCrc, 8, 5)), 'bad-data-descriptor'],
  data_descriptor_bad_usize: [described(mark, uint32(helloCrc, 7, 6)), 'bad-data-descriptor'],
  data_descriptor_bad_usize_no_sig: [described(uint32(helloCrc, 7, 6)), 'bad-data-descriptor'],
  data_descriptor_zip64_csize: [
    described64(mark, uint32(helloCrc), uint64(8, 5)),
    'bad-data-descriptor',
  ],
  data_descriptor_zip64_usize: [
    described64(mark, uint32(helloCrc), uint64(7, 6)),
    'bad-data-descriptor',
  ],
  dupe_eocd: [Buffer.concat([craftZip({}), craftZip({}).subarray(-22)]), 'directory-misplaced'],
  eocd64_locator_mismatch: [
    { zip64: { locatorOffset: 5 }, end: pointsToZip64 },
    'zip64-inconsistent',
  ],
  eocd64_non_locator: [
    { zip64: { omit: 'locator' }, afterDirectory: Buffer.alloc(20), end: pointsToZip64 },
    'zip64-inconsistent',
  ],
  eocd64_without_eocd: [craftZip({ zip64: {} }).subarray(0, -22), 'not-a-zip'],
  eocd64_without_locator: [
    { zip64: { omit: 'locator' }, end: pointsToZip64 },
    'zip64-inconsistent',
  ],
  futzed_bz2: [one({ both: { method: 12 } }), 'unsupported-method'],
  futzed_lzma: [one({ both: { method: 14 } }), 'unsupported-method'],
  missing_local_file: [{ entries: [{}, { name: 'two', unwritten: true }] }, 'overlap'],
  non_ascii_original_name: [
    one({ name: Buffer.from([0xff]), both: { extra: unicodePath('\u00ff') } }),
    'name-not-utf8',
  ],
  not: [Buffer.from('this is not a zip file, however long it is'), 'not-a-zip'],
  prefix: [{ prefix: Buffer.from('XXXX') }, 'prefix-data'],
  second_unicode_extra: [
    one({ both: { extra: Buffer.concat([unicodePath('fixme'), unicodePath('other')]) } }),
    'duplicate-extra-field',
  ],
  short_usize: [
    one({ data: deflateRawSync('overlong '.repeat(6).trim()), both: { size: 9 } }),
    'size-mismatch',
  ],
  short_usize_zip64: [
    one({
      data: deflateRawSync('overlong '.repeat(6).trim()),
      both: { size: 9, extra: zip64Extra(53, 40) },
    }),
    'size-mismatch',
  ],
  shortextra: [one({ both: { extra: Buffer.from([0x75, 0x70, 9, 0]) } }), 'bad-extra-field'],
  suffix_not_comment: [{ suffix: Buffer.from('suffix') }, 'trailing-data'],
  unicode_extra_chain: [
    one({ both: { extra: Buffer.concat([unicodePath('two'), unicodePath('three', 'two')]) } }),
    'duplicate-extra-field',
  ],
  zip64_eocd_confusion: [zip64Confusion(), 'two-ends'],
  zip64_eocd_extensible_data: [
    { zip64: { extensible: Buffer.alloc(20, 'z') }, end: pointsToZip64 },
    'zip64-extensible-data',
  ],
  zip64_extra_csize: [one({ both: { compressedSize: all, extra: zip64Extra(8) } }), 'overlap'],
  zip64_extra_too_long: [one({ both: { size: all, extra: zip64Extra(5, 0) } }), undefined],
  zip64_extra_too_short: [
    one({ both: { size: all, compressedSize: all, extra: zip64Extra(5) } }),
    'zip64-inconsistent',
  ],
  zip64_extra_usize: [one({ both: { size: all, extra: zip64Extra(6) } }), 'size-mismatch'],
  zipinzip: [zipInZip(), 'two-ends'],
}

describe('rejected', () => {
  for (const [name, [zip, code]] of Object.entries(rejected)) {
    test(name, async () => {
      const bytes = Buffer.isBuffer(zip) ? zip : craftZip(zip)
      assert.notDeepEqual(await checkZip(bytesSource(bytes)), [])
      const read = await readAll(bytes).catch((error) => error)
      if (code) assert.equal((read as InvalidArchive).code, code)
      else assert.equal(read[0].toString(), 'hello')
    })
  }
})

async function readAll(bytes: Buffer): Promise<Buffer[]> {
  const zip = await Zip.open(bytesSource(bytes))
  return Promise.all(zip.entries.map(async (entry) => Buffer.from(await zip.read(entry))))
}

/** The second file as the comment of the first, with places counted from the start of the first. */
function zipInZip(): Buffer {
  const inner = { name: 'inner', content: 'BOOM!' }
  const innerLength = craftZip(one(inner)).length
  const outer = craftZip({ end: { commentLength: innerLength } })
  return craftZip({ ...one(inner), prefix: outer })
}

/** Two files of which a ZIP64 end hides one: that of the first claims to stretch over the second. */
function zip64Confusion(): Buffer {
  const locatorOffset = craftZip({}).length - 22
  const second = craftZip({
    ...one({ name: 'secon', content: 'BOOM!' }),
    zip64: { locatorOffset },
    end: pointsToZip64,
  })
  const first = craftZip({
    zip64: { length: 44 + 20 + 22 + second.length - 42 },
    end: { ...pointsToZip64, commentLength: second.length },
  })
  return Buffer.concat([first, second])
}
