/** What is clean has no problems, and each rule for gzip is broken by one lie; the others are in the tests beside. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { bytesSource, checkTarGz } from '../mod.ts'
import { craftTar, craftTarGz, gnu, pax } from './craft-tar.fixture.ts'
import { accepted, folder, long, refused } from './rule.fixture.ts'

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
