/** Every rule for tar.gz archives, each broken by one lie in an otherwise clean archive. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { type ArchiveLimits, bytesSource, checkTarGz, readTarGz } from '../mod.ts'
import {
  type CraftedMember,
  craftTar,
  craftTarGz,
  endMarker,
  gnu,
  pax,
  paxRecord,
} from './craft-tar.fixture.ts'

async function codesOf(archive: Buffer, limits?: Partial<ArchiveLimits>): Promise<string[]> {
  return (await checkTarGz(bytesSource(archive), limits)).map((problem) => problem.code)
}

async function namesOf(archive: Buffer, limits?: Partial<ArchiveLimits>): Promise<string[]> {
  return Array.fromAsync(readTarGz(bytesSource(archive), limits), (member) => member.name)
}

type Archive = CraftedMember[] | Buffer

/** The check reports these, and reading throws the first. */
function refused(
  rule: string,
  archive: Archive,
  codes: string | string[],
  limits?: Partial<ArchiveLimits>,
) {
  test(rule, async () => {
    const bytes = Buffer.isBuffer(archive) ? archive : craftTarGz(archive)
    const expected = [codes].flat()
    assert.deepEqual(await codesOf(bytes, limits), expected)
    await assert.rejects(namesOf(bytes, limits), { name: 'InvalidArchive', code: expected[0] })
  })
}

/** The check reports it; reading goes on. */
function reported(rule: string, archive: Archive, code: string) {
  test(rule, async () => {
    const bytes = Buffer.isBuffer(archive) ? archive : craftTarGz(archive)
    assert.deepEqual(await codesOf(bytes), [code])
    await namesOf(bytes)
  })
}

function accepted(rule: string, archive: Archive, names: string[]) {
  test(rule, async () => {
    const bytes = Buffer.isBuffer(archive) ? archive : craftTarGz(archive)
    assert.deepEqual(await codesOf(bytes), [])
    assert.deepEqual(await namesOf(bytes), names)
  })
}

const folder: CraftedMember = { name: 'd/', type: '5' }
const long = `${'long/'.repeat(40)}name`

describe('a clean archive has no problems', () => {
  accepted('with files and folders', [folder, { name: 'd/a', content: 'hello' }], ['d', 'd/a'])
  accepted('with "./" before all names', [{ name: './', type: '5' }, { name: './a' }], ['a'])
  accepted('with a doubled slash', [{ name: 'a//b/./c' }], ['a/b/c'])
  accepted('with a folder given twice', [folder, folder], ['d', 'd'])
  accepted('with a POSIX prefix', [{ name: 'b', prefix: 'a' }], ['a/b'])
  accepted('with a pax path', [pax({ path: long }), { name: 'short' }], [long])
  accepted('with a pax path in UTF-8', [pax({ path: 'ä/日本' }), {}], ['ä/日本'])
  accepted('with a Solaris pax path', [pax({ path: long }, 'X'), {}], [long])
  accepted('with other pax records', [pax({ mtime: '1.5', 'SCHILY.xattr.a': 'b=c\nd' }), {}], ['a'])
  accepted('with a global comment', [pax({ comment: 'of git' }, 'g'), {}], ['a'])
  accepted('with a GNU long name', [gnu('L', long), { magic: 'ustar  \0' }], [long])
  accepted('with a V7 header', [{ magic: '\0'.repeat(8), type: '\0' }], ['a'])
  accepted('with a V7 folder', [{ name: 'd/', magic: '\0'.repeat(8), type: '\0' }], ['d'])
  accepted('with a contiguous file', [{ type: '7', content: 'x' }], ['a'])
  accepted('with a size in base 256', [{ content: 'hello', size: base256(5) }], ['a'])
  accepted('with blanks before a number', [{ content: 'hello', size: '         5 ' }], ['a'])
  accepted('with a date before 1970', [{ mtime: Buffer.alloc(12, 0xff) }], ['a'])
  accepted('with much padding after its end', craftTarGz([{}], Buffer.alloc(20_480)), ['a'])
  accepted('with a single end block', craftTarGz([{}], Buffer.alloc(512)), ['a'])
})

function base256(value: number): Buffer {
  const field = Buffer.alloc(12)
  field[0] = 0x80
  field.writeUInt32BE(value, 8)
  return field
}

describe('gzip', () => {
  const good = craftTarGz([{ content: 'hello' }])
  const tar = craftTar([{ content: 'hello' }])
  const halves = Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))])
  refused('is not empty', Buffer.alloc(0), 'not-gzip')
  refused('is gzip', Buffer.from('PK\x03\x04 some other archive'), 'not-gzip')
  refused('is gzip, not bare tar', tar, 'not-gzip')
  refused('is more than its magic', good.subarray(0, 2), 'truncated')
  refused('is whole', good.subarray(0, -9), 'truncated')
  refused('has its whole trailer', good.subarray(0, -1), 'truncated')
  refused('has the right CRC', flipped(good, good.length - 8), 'bad-data')
  refused('has the right size', flipped(good, good.length - 4), 'bad-data')
  refused('has no garbage after it', Buffer.concat([good, Buffer.from('garbage')]), 'bad-data')
  refused('has no zeros after it', Buffer.concat([good, Buffer.alloc(512)]), 'trailing-data')
  refused(
    'has no garbage behind zeros',
    Buffer.concat([good, Buffer.alloc(9), Buffer.from('x')]),
    'trailing-data',
  )
  refused('has one member', halves, 'several-gzip-members')
  refused('has no second archive after it', Buffer.concat([good, good]), 'data-after-end')
  refused(
    'has no empty member after it',
    Buffer.concat([good, gzipSync('')]),
    'several-gzip-members',
  )

  test('arriving byte by byte is judged the same', async () => {
    async function* bytes(of: Buffer) {
      for (const byte of of) yield Buffer.of(byte)
    }
    assert.deepEqual(await checkTarGz(bytes(good)), [])
    for (const [archive, code] of [
      [good.subarray(0, -1), 'truncated'],
      [Buffer.concat([good, Buffer.alloc(9)]), 'trailing-data'],
      [Buffer.concat([good, Buffer.from('garbage')]), 'bad-data'],
      [halves, 'several-gzip-members'],
    ] as const) {
      assert.deepEqual((await checkTarGz(bytes(archive)))[0]?.code, code)
    }
  })
})

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at]! ^= 1
  return copy
}

describe('headers', () => {
  refused('are there', gzipSync('not a tar archive'), 'truncated')
  refused(
    'are there from the start',
    gzipSync(Buffer.alloc(2048, 'not a tar archive ')),
    'not-a-tar',
  )
  refused('are more than an end', gzipSync(endMarker), 'not-a-tar')
  refused('are more than nothing', gzipSync(''), 'not-a-tar')
  refused('have a checksum', [{ checksum: '000000\0 ' }], 'not-a-tar')
  refused('have a checksum each', [{}, { checksum: '000000\0 ' }], 'bad-header')
  refused('have a size', [{ size: 'x0000000000' }], 'bad-header')
  refused('have no negative size', [{ size: Buffer.alloc(12, 0xff) }], 'bad-header')
  refused(
    'have no impossible size',
    [{ size: Buffer.concat([Buffer.of(0x80), Buffer.alloc(11, 0xff)]) }],
    'bad-header',
  )
  refused(
    'have no more data than there is',
    gzipSync(craftTar([{ size: '00000010000' }])),
    'truncated',
  )
  refused(
    'have all their data',
    gzipSync(craftTar([{ content: 'x'.repeat(600) }], Buffer.alloc(0)).subarray(0, -512)),
    'truncated',
  )
  refused('have no prefix in GNU format', [{ magic: 'ustar  \0', prefix: 'a' }], 'ambiguous-header')
  refused(
    'have no prefix in V7 format',
    [{ magic: '\0'.repeat(8), prefix: 'a' }],
    'ambiguous-header',
  )
  refused('of files have no names of folders', [{ name: 'a/' }], 'ambiguous-header')
  refused('of folders have no data', [{ ...folder, content: 'x' }], 'unexpected-size')
  refused('of links have no data', [{ type: '2', linkName: 'b', content: 'x' }], 'unexpected-size')
  refused(
    'of hard links have no data',
    [{}, { name: 'b', type: '1', linkName: 'a', content: 'x' }],
    'unexpected-size',
  )
  reported('are followed by an end marker', craftTarGz([{}], Buffer.alloc(0)), 'no-end-marker')
  refused(
    'are not hidden behind the end',
    craftTarGz([{}], Buffer.concat([endMarker, craftTar([{}])])),
    'data-after-end',
  )
  refused(
    'are not hidden behind one zero block',
    craftTarGz([{}], Buffer.concat([Buffer.alloc(512), craftTar([{}])])),
    'data-after-end',
  )
})

describe('extension headers', () => {
  const records = (content: string | Buffer): CraftedMember[] => [{ type: 'x', content }, {}]
  refused('have whole records', records('99 path=b\n'), 'bad-pax-header')
  refused('have records with a length', records('path=b\n'), 'bad-pax-header')
  refused('have records with a positive length', records('-9 path=b\n'), 'bad-pax-header')
  refused('have records with a key', records('5 =b\n'), 'bad-pax-header')
  refused('have records that end with a newline', records('9 path=bc'), 'bad-pax-header')
  refused('have no record of length zero', records('0 path=b\n'), 'bad-pax-header')
  refused(
    'have each key once',
    records(Buffer.concat([paxRecord('path', 'b'), paxRecord('path', 'c')])),
    'bad-pax-header',
  )
  refused('have a size in digits', [pax({ size: '1e3' }), {}], 'bad-pax-header')
  refused('have the size of the header', [pax({ size: '1024' }), {}], 'ambiguous-header')
  refused(
    'have the size of the header, even a zero',
    [pax({ size: '0' }), { content: 'hello' }],
    'ambiguous-header',
  )
  refused('do not rename everything', [pax({ path: 'b' }, 'g'), {}], 'ambiguous-header')
  refused('do not resize everything', [pax({ size: '0' }, 'g'), {}], 'ambiguous-header')
  refused('are either GNU or pax', [pax({ path: 'b' }), gnu('L', 'c'), {}], 'ambiguous-header')
  refused('come once', [pax({ path: 'b' }), pax({ path: 'c' }), {}], 'ambiguous-header')
  refused('come before a member', [pax({ path: 'b' })], 'truncated')
  refused(
    'come before a member, not the end of the file',
    craftTarGz([pax({ path: 'b' })], Buffer.alloc(0)),
    'truncated',
  )
  refused(
    'are whole',
    gzipSync(craftTar([{ type: 'x', size: '00000001000' }], Buffer.alloc(0))),
    'truncated',
  )
  refused(
    'are not huge',
    [{ type: 'x', content: Buffer.alloc(2 ** 20 + 1) }, {}],
    'header-too-large',
  )
  refused('describe no sparse file', [pax({ 'GNU.sparse.major': '1' }), {}], 'sparse-file')
  refused('are UTF-8', [pax({ path: Buffer.of(0x61, 0xff) }), {}], 'name-not-utf8')
  accepted('may repeat the size', [pax({ size: '5' }), { content: 'hello' }], ['a'])
})

describe('members', () => {
  refused('are no character devices', [{ type: '3' }], 'special-file')
  refused('are no block devices', [{ type: '4' }], 'special-file')
  refused('are no pipes', [{ type: '6' }], 'special-file')
  refused('are no sparse files', [{ type: 'S' }], 'sparse-file')
  refused('are of a known type', [{ type: 'V' }], 'unknown-type')
  refused('have no absolute name', [{ name: '/etc/passwd' }], 'name-absolute')
  refused('do not go up', [{ name: '../up' }], 'name-traversal')
  refused('do not go up from within', [{ name: 'a/../../up' }], 'name-traversal')
  refused('do not go up by a pax path', [pax({ path: '../up' }), {}], 'name-traversal')
  refused('do not go up by a GNU name', [gnu('L', '../up'), {}], 'name-traversal')
  refused('do not go up by a prefix', [{ prefix: '..' }], 'name-traversal')
  refused('have no NUL in their name', [pax({ path: 'a\0b' }), {}], 'name-control-character')
  refused('have no backslash', [{ name: 'a\\b' }], 'name-backslash')
  refused('have no drive', [{ name: 'C:a' }], 'name-drive')
  refused('have a name', [{ name: '' }], 'name-empty')
  refused('have a UTF-8 name', [{ name: Buffer.of(0x61, 0xff) }], 'name-not-utf8')
  reported('are there once', [{}, {}], 'duplicate-name')
  reported('are files or folders', [{}, { name: 'a/b' }], 'file-is-directory')
  reported('differ in more than case', [{}, { name: 'A' }], 'case-collision')
})

describe('links', () => {
  const link = (linkName: string, name = 'x/y/l'): CraftedMember[] => [
    { type: '2', name, linkName },
  ]
  const hard = (linkName: string): CraftedMember[] => [{}, { type: '1', name: 'h', linkName }]
  accepted('lead down', link('z/a'), ['x/y/l'])
  accepted('lead up to the root', link('../..'), ['x/y/l'])
  accepted('lead up and down', link('../../x/z'), ['x/y/l'])
  accepted('lead to their own folder', link('.'), ['x/y/l'])
  accepted('lead to what was before, if hard', hard('./a'), ['a', 'h'])
  refused('do not lead above the root', link('../../..'), 'link-outside')
  refused('do not lead above the root and down again', link('../../../etc'), 'link-outside')
  refused(
    'do not lead up after down: the way down may be a link',
    link('z/../../..'),
    'link-outside',
  )
  refused('do not lead up after down, even within the root', link('z/../a'), 'link-outside')
  refused('do not lead to absolute places', link('/etc/passwd'), 'link-absolute')
  refused(
    'do not lead out by a pax path',
    [pax({ linkpath: '../../../up' }), ...link('a')],
    'link-outside',
  )
  refused('do not lead out by a GNU name', [gnu('K', '../../../up'), ...link('a')], 'link-outside')
  refused('have no backslash', link('..\\..'), 'name-backslash')
  refused('have no drive', link('C:/a'), 'name-drive')
  refused('do not lead out, if hard', hard('../a'), ['link-outside', 'link-target-missing'])
  refused('do not lead to absolute places, if hard', hard('/etc/passwd'), [
    'link-absolute',
    'link-target-missing',
  ])
  refused('lead somewhere, if hard', hard(''), ['name-empty', 'link-target-missing'])
  reported('lead to a file that is there, if hard', hard('b'), 'link-target-missing')
  reported(
    'do not lead to a link, if hard',
    [...link('a', 's'), { type: '1', name: 'h', linkName: 's' }],
    'link-target-missing',
  )
})

describe('limits', () => {
  const zeros: CraftedMember[] = [{ content: Buffer.alloc(2 ** 20) }]
  refused('hold for the number of members', [{}, { name: 'b' }], 'too-many-entries', { entries: 1 })
  refused('hold for global headers', [pax({}, 'g'), pax({}, 'g'), {}], 'too-many-entries', {
    entries: 1,
  })
  refused('hold for one member', [{ content: 'hello' }], 'entry-too-large', { entrySize: 4 })
  refused('hold for all together, headers included', [{ content: 'hello' }], 'too-large', {
    totalSize: 2047,
  })
  refused('hold for the ratio', zeros, 'bomb', { ratioFrom: 2 ** 19 })
  refused('hold for names', [{ name: 'abc' }], 'name-too-long', { nameLength: 2 })
  refused('hold for names of links', [{ type: '2', linkName: 'abc' }], 'name-too-long', {
    nameLength: 2,
  })
  refused('hold for zeros after the end', craftTarGz([{}], Buffer.alloc(2 ** 20)), 'bomb', {
    ratioFrom: 2 ** 19,
  })

  test('let through what just meets them', async () => {
    const limits = { entries: 2, entrySize: 5, totalSize: 2560, nameLength: 1 }
    assert.deepEqual(await codesOf(craftTarGz([{ content: 'hello' }, { name: 'b' }]), limits), [])
    assert.deepEqual(await codesOf(craftTarGz(zeros), { ratioFrom: 2 ** 21 }), [])
    assert.deepEqual(await codesOf(craftTarGz(zeros), { ratioFrom: 0, ratio: 1000 }), [])
  })
})

test('all problems are reported at once, with sentences and names', async () => {
  const archive = craftTarGz([
    { name: '../a' },
    { name: 'b', type: '6' },
    { name: 'c' },
    { name: 'c' },
  ])
  const problems = await checkTarGz(bytesSource(archive))
  assert.deepEqual(
    problems.map(({ code, entry }) => [code, entry]),
    [
      ['name-traversal', '../a'],
      ['special-file', 'b'],
      ['duplicate-name', 'c'],
    ],
  )
  for (const { message } of problems) assert.match(message, /^[A-Z].*\.$/)
})

test('errors of the source itself are thrown, not reported', async () => {
  const broken = { size: 100, read: () => Promise.reject(new Error('the disk is gone')) }
  await assert.rejects(checkTarGz(broken), /the disk is gone/)
})
