/** Looking at entries without waiting: the same bytes and refusals as with waiting. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { crc32, deflateRawSync } from 'node:zlib'
import { bytesSource, type PresentSource, Zip } from '../mod.ts'
import { type CraftedEntry, craftZip } from './craft-zip.fixture.ts'

const sizes = { empty: 0, small: 1000, large: 3 * 2 ** 20 }

function contentOf(size: number): Buffer {
  return Buffer.concat([randomBytes(size / 2), Buffer.alloc(size / 2, 'abc')])
}

/** As a file on the disk: what was looked at is gone after the next look. */
function passingSource(bytes: Uint8Array): PresentSource {
  const memory = Buffer.alloc(4 * 2 ** 20)
  const look = (start: number, end: number) => {
    const piece = bytes.subarray(start, end)
    memory.fill(0xee)
    memory.set(piece)
    return memory.subarray(0, piece.length)
  }
  return { ...bytesSource(bytes), look }
}

function descriptorOf(content: Buffer): Buffer {
  const sizes = [crc32(content), deflateRawSync(content).length, content.length]
  return Buffer.concat([
    Buffer.from('PK\x07\x08', 'latin1'),
    Buffer.from(new Uint32Array(sizes).buffer),
  ])
}

for (const [size, length] of Object.entries(sizes)) {
  for (const [how, more] of Object.entries({
    deflated: { method: 8 },
    stored: { method: 0 },
    'followed by its sizes': { method: 8, flags: 0x0008 },
  })) {
    test(`an entry that is ${size} and ${how} is seen whole`, async () => {
      const content = contentOf(length)
      const after = 'flags' in more ? descriptorOf(content) : Buffer.alloc(0)
      const entries = [
        { name: 'a', content, ...more, after },
        { name: 'b', content: 'b' },
      ]
      const zip = await Zip.open(passingSource(craftZip({ entries })))
      const seen = Array.from(zip.pass(zip.get('a')!), (chunk) => Buffer.from(chunk))
      assert.ok(Buffer.concat(seen).equals(content))
    })
  }
}

describe('what is not as it is promised is refused', () => {
  for (const [size, length] of [
    ['small', 1000],
    ['large', 3 * 2 ** 20],
  ] as const) {
    const content = contentOf(length)
    const packed = deflateRawSync(content)
    const wrong: [what: string, entry: Partial<CraftedEntry>, code: string][] = [
      ['a wrong CRC', { both: { crc: 1 } }, 'bad-crc'],
      ['more than it says', { both: { size: length - 1 } }, 'size-mismatch'],
      ['less than it says', { both: { size: length + 1 } }, 'size-mismatch'],
      ['data that is cut off', { data: packed.subarray(0, -9) }, 'bad-data'],
      ['data that is damaged', { data: Buffer.alloc(packed.length, 0xff) }, 'bad-data'],
      ['data behind its end', { data: Buffer.concat([packed, Buffer.alloc(9)]) }, 'size-mismatch'],
    ]
    for (const [what, entry, code] of wrong) {
      test(`${what}, ${size}`, async () => {
        const entries = [{ name: 'a', content, method: 8, ...entry }]
        const zip = await Zip.open(passingSource(craftZip({ entries })))
        assert.throws(() => Array.from(zip.pass(zip.get('a')!)), { code, entry: 'a' })
      })
    }
  }
})

test('a source that has to be waited for is refused', async () => {
  const { size, read } = bytesSource(craftZip({ entries: [{ name: 'a' }] }))
  const zip = await Zip.open({ size, read })
  assert.throws(() => zip.pass(zip.get('a')!), TypeError)
})
