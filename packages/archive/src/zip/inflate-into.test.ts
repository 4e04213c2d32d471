/** One stream of zlib for many entries: none sees anything of the one before it. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { bytesSource, writeZip, Zip } from '../mod.ts'
import { inflateAnew, inflateInto } from './inflate-into.ts'

for (const inflate of [inflateInto, inflateAnew]) {
  describe(inflate.name, () => {
    const text = 'what is packed '.repeat(50)
    const packed = deflateRawSync(text)
    const memory = Buffer.alloc(text.length + 1)
    const isRight = () => {
      memory.fill(0)
      assert.deepEqual(inflate(memory, Buffer.concat([packed, Buffer.from('tail')])), {
        consumed: packed.length,
        produced: text.length,
      })
      assert.equal(memory.toString('utf8', 0, text.length), text)
    }

    test('tells how much it took and made, and stops at the end of the data', () => {
      isRight()
      isRight()
    })

    for (const [what, data, code] of [
      ['damaged', Buffer.from('no deflate'), 'Z_DATA_ERROR'],
      ['cut off', packed.subarray(0, -1), 'Z_BUF_ERROR'],
      ['not there', packed.subarray(0, 0), 'Z_BUF_ERROR'],
    ] as const) {
      test(`refuses data that is ${what}, and goes on with the next`, () => {
        assert.throws(() => inflate(memory, data), { code })
        isRight()
      })
    }
  })
}

test('no more is made than there is room for', () => {
  const memory = Buffer.alloc(8)
  const { produced } = inflateInto(memory.subarray(0, 6), deflateRawSync('too long'))
  assert.equal(produced, 6)
  assert.equal(memory.toString(), 'too lo\0\0')
})

test('entries that are looked at side by side keep their bytes', async () => {
  const files = ['one', 'two', 'three'].map((name) => ({ name, bytes: name.repeat(100) }))
  const zip = await Zip.open(bytesSource(writeZip(files)))
  const scans = files.map(({ name }) => zip.scan(zip.get(name)!))
  const chunks = await Promise.all(scans.map((scan) => scan.next()))
  assert.deepEqual(
    chunks.map(({ value }) => Buffer.from(value!).toString()),
    files.map(({ bytes }) => bytes),
  )
  await Promise.all(scans.map((scan) => scan.return()))
})
