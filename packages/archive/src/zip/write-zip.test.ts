/** What is written is read back, byte for byte, and is clean. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { bytesSource, checkZip, writeZip, Zip } from '../mod.ts'

const segment = fc.string({ unit: fc.constantFrom(...'aB1_- é日😀.'), minLength: 1, maxLength: 9 })
const path = fc
  .array(segment, { minLength: 1, maxLength: 4 })
  .map((parts) => parts.map((part) => `${part}x`).join('/'))
const entry = fc.record({
  name: path,
  bytes: fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.string(),
    fc.nat(5000).map((size) => new Uint8Array(size)),
  ),
  mode: fc.constantFrom(0o644, 0o755, 0o600),
  method: fc.constantFrom('store' as const, 'deflate' as const),
})
/** Names that collide with nothing: each below a folder of its own. */
const entries = fc
  .array(entry, { maxLength: 20 })
  .map((list) => list.map((one, at) => ({ ...one, name: `${at}/${one.name}` })))

test('what is written is clean and is read back', async () => {
  await fc.assert(
    fc.asyncProperty(entries, async (list) => {
      const bytes = writeZip(list)
      assert.deepEqual(await checkZip(bytesSource(bytes)), [])
      const zip = await Zip.open(bytesSource(bytes))
      assert.equal(zip.entries.length, list.length)
      for (const [at, { name, mode, bytes: content }] of list.entries()) {
        const found = zip.entries[at]!
        assert.equal(found.name, name)
        assert.equal(found.mode, 0o100000 | mode)
        assert.deepEqual(Buffer.from(await zip.read(found)), Buffer.from(content as string))
      }
    }),
    { numRuns: 60 },
  )
})

test('the same entries give the same bytes', () => {
  const list = [
    { name: 'a', bytes: 'hello'.repeat(100) },
    { name: 'b/', bytes: '' },
  ]
  assert.deepEqual(writeZip(list), writeZip(list))
})

test('entries are deflated where that is shorter, and stored where asked', async () => {
  const zip = await Zip.open(
    bytesSource(
      writeZip([
        { name: 'long', bytes: 'a'.repeat(1000) },
        { name: 'short', bytes: 'a' },
        { name: 'stored', bytes: 'a'.repeat(1000), method: 'store' },
      ]),
    ),
  )
  assert.deepEqual(
    zip.entries.map(({ method, compressedSize }) => [method, compressedSize < 1000]),
    [
      [8, true],
      [0, true],
      [0, false],
    ],
  )
})

test('folders and modes are written as Unix has them', async () => {
  const zip = await Zip.open(
    bytesSource(
      writeZip([
        { name: 'a/', bytes: '' },
        { name: 'a/l', bytes: 'b', mode: 0o120777 },
      ]),
    ),
  )
  assert.deepEqual(
    zip.entries.map(({ mode, isDirectory, isSymlink }) => [mode, isDirectory, isSymlink]),
    [
      [0o040755, true, false],
      [0o120777, false, true],
    ],
  )
})

test('names that would be refused are not written', () => {
  assert.throws(() => writeZip([{ name: '../a', bytes: '' }]), { code: 'name-traversal' })
  const twice = [
    { name: 'a', bytes: '' },
    { name: 'a', bytes: '' },
  ]
  assert.throws(() => writeZip(twice), { code: 'duplicate-name' })
})

test('what would need ZIP64 is not written', () => {
  const many = Array.from({ length: 0xffff }, (_, at) => ({
    name: `${at}`,
    bytes: '',
    method: 'store' as const,
  }))
  assert.throws(() => writeZip(many), { code: 'too-large' })
})
