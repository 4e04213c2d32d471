/** The rules for headers and extension headers, each broken by one lie. */
import { describe } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  type CraftedMember,
  craftTar,
  craftTarGz,
  endMarker,
  gnu,
  pax,
  paxRecord,
} from './craft-tar.fixture.ts'
import { accepted, folder, refused, reported } from './rule.fixture.ts'

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
