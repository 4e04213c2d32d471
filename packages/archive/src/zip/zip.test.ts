/** Reading entries: random access, streams, limits, and the checks that reading itself makes. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { type ByteSource, bytesSource, openFileSource, writeZip, Zip } from '../mod.ts'
import { type CraftedEntry, craftZip } from './craft-zip.fixture.ts'
import { one } from './rule.fixture.ts'

const large = randomBytes(3 * 2 ** 20)
const files = [
  { name: 'large', bytes: large },
  { name: 'small', bytes: 'hello' },
  { name: 'zeros', bytes: Buffer.alloc(5 * 2 ** 20) },
]

const archive = writeZip(files)

/** Counts what is read of a source. */
function counted(source: ByteSource) {
  const reads: number[] = []
  const read = async (start: number, end: number) => {
    reads.push(end - start)
    return source.read(start, end)
  }
  return { size: source.size, read, reads }
}

async function streamed(zip: Zip, name: string): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(zip.stream(zip.get(name)!)))
}

test('opening costs one read of the end, an entry one more', async () => {
  const source = counted(bytesSource(archive))
  const zip = await Zip.open(source)
  assert.equal(source.reads.length, 1)
  assert.equal(Buffer.from(await zip.read(zip.get('small')!)).toString(), 'hello')
  assert.equal(source.reads.length, 2)
  assert.equal(source.reads[1], 30 + 5 + 5)
})

test('a directory that is not within the end costs one read more', async () => {
  const many = Array.from({ length: 3000 }, (_, at) => ({ name: `${at}`, bytes: '' }))
  const source = counted(bytesSource(writeZip(many)))
  assert.equal((await Zip.open(source)).entries.length, 3000)
  assert.equal(source.reads.length, 2)
})

test('entries are found by exact name, and tell what the directory says', async () => {
  const zip = await Zip.open(bytesSource(craftZip(one({ name: 'bin/run', mode: 0o100755 }))))
  const { headerOffset, slotEnd, ...facts } = zip.get('bin/run')!
  assert.deepEqual(facts, {
    name: 'bin/run',
    size: 5,
    compressedSize: 7,
    crc32: 0x3610a686,
    method: 8,
    mode: 0o100755,
    isDirectory: false,
    isSymlink: false,
    modified: new Date('1980-01-01T00:00:00Z'),
    flags: 0,
  })
  assert.deepEqual([headerOffset, slotEnd], [0, 44])
  for (const name of ['run', 'BIN/RUN', '__proto__', 'constructor']) {
    assert.equal(zip.get(name), undefined)
  }
})

test('small and large entries read the same, whole and as streams', async () => {
  const zip = await Zip.open(bytesSource(archive))
  for (const { name, bytes } of files) {
    assert.deepEqual(Buffer.from(await zip.read(zip.get(name)!)), Buffer.from(bytes as string))
    assert.deepEqual(await streamed(zip, name), Buffer.from(bytes as string))
  }
})

test('a file is read where it lies, and closed when disposed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'archive-'))
  try {
    const path = join(folder, 'a.zip')
    await writeFile(path, archive)
    await using source = await openFileSource(path)
    const zip = await Zip.open(source)
    assert.deepEqual(await streamed(zip, 'large'), large)
    await source[Symbol.asyncDispose]()
    await assert.rejects(zip.read(zip.get('small')!), /closed|EBADF/)
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a source that ends before its own size is refused', async () => {
  const short = {
    size: archive.length,
    read: async (start: number, end: number) => archive.subarray(start, end - 1),
  }
  await assert.rejects(Zip.open(short), { code: 'truncated' })
})

test('an entry over the limit is not read at all', async () => {
  const source = counted(bytesSource(archive))
  const zip = await Zip.open(source)
  await assert.rejects(zip.read(zip.get('small')!, 4), { code: 'entry-too-large', entry: 'small' })
  assert.equal(source.reads.length, 1)
  await zip.read(zip.get('small')!, 5)
})

test('by default 64 MiB are held at once', async () => {
  const size = 64 * 2 ** 20
  const zip = await Zip.open(
    bytesSource(
      craftZip({
        entries: [
          { name: 'fits', both: { size } },
          { name: 'over', both: { size: size + 1 } },
        ],
      }),
    ),
    { ratioFrom: 2 ** 30 },
  )
  await assert.rejects(zip.read(zip.get('over')!), { code: 'entry-too-large' })
  await assert.rejects(zip.read(zip.get('fits')!), { code: 'size-mismatch' })
})

test('a stream reads only as far as it is consumed', async () => {
  const source = counted(bytesSource(writeZip([{ name: 'large', bytes: large, method: 'store' }])))
  const zip = await Zip.open(source)
  for await (const _ of zip.stream(zip.entries[0]!)) break
  const read = source.reads.slice(1).reduce((sum, size) => sum + size, 0)
  assert.ok(read <= 300 * 1024, `${read} bytes`)
})

test('a stream of a gigabyte holds next to nothing', async () => {
  const size = 2 ** 30
  const chunk = Buffer.alloc(2 ** 20)
  const source = storedZeros(size, chunk)
  const zip = await Zip.open(source)
  let most = 0
  let count = 0
  for await (const bytes of zip.stream(zip.entries[0]!)) {
    most = Math.max(most, bytes.length)
    count += bytes.length
    if (count > 40 * 2 ** 20) break
  }
  assert.ok(most <= 256 * 1024)
})

/** A zip file with one stored entry, of which only headers exist. */
function storedZeros(size: number, zeros: Buffer): ByteSource {
  const crafted = craftZip(one({ method: 0, content: '', both: { size, compressedSize: size } }))
  const header = crafted.subarray(0, 35)
  const rest = Buffer.from(crafted.subarray(35))
  rest.writeUInt32LE(35 + size, rest.length - 6)
  return {
    size: 35 + size + rest.length,
    async read(start, end) {
      if (start >= 35 && end <= 35 + size) return zeros.subarray(0, end - start)
      const from = (at: number) =>
        at < 35 ? header[at] : at < 35 + size ? 0 : rest[at - 35 - size]
      return Uint8Array.from({ length: end - start }, (_, at) => from(start + at) ?? 0)
    },
  }
}

describe('reading refuses', () => {
  const long = Buffer.alloc(2 * 2 ** 20, 'abcdefg')
  const lies: Record<string, [CraftedEntry | ((packed: Buffer) => CraftedEntry), string]> = {
    'another name in the local header': [{ local: { name: 'other' } }, 'local-header-differs'],
    'another CRC in the local header': [{ local: { crc: 1 } }, 'local-header-differs'],
    'a wrong CRC': [{ both: { crc: 1 } }, 'bad-crc'],
    'a size too small': [{ both: { size: 3 } }, 'size-mismatch'],
    'a size too large': [{ both: { size: 2 ** 22 } }, 'size-mismatch'],
    'damaged data': [{ data: Buffer.alloc(100, 0xff) }, 'bad-data'],
    'cut data': [(packed) => ({ data: packed.subarray(0, -1) }), 'bad-data'],
    'data with a tail': [
      (packed) => ({ data: Buffer.concat([packed, Buffer.from('!')]) }),
      'size-mismatch',
    ],
    bzip2: [{ both: { method: 12 } }, 'unsupported-method'],
    encryption: [{ flags: 1 }, 'encrypted'],
  }
  for (const [what, [lie, code]] of Object.entries(lies)) {
    for (const [how, content] of [
      ['small', 'hello'],
      ['large', long],
    ] as const) {
      test(`${what}, in a ${how} entry`, async () => {
        const lying = typeof lie === 'function' ? lie(deflateRawSync(content)) : lie
        const zip = await Zip.open(bytesSource(craftZip(one({ content, ...lying }))))
        await assert.rejects(zip.read(zip.entries[0]!), { name: 'InvalidArchive', code })
        await assert.rejects(Array.fromAsync(zip.stream(zip.entries[0]!)), { code })
      })
    }
  }
})

test('a stream never hands out more than is promised', async () => {
  const content = Buffer.alloc(8 * 2 ** 20)
  const zip = await Zip.open(bytesSource(craftZip(one({ content, both: { size: 2 ** 21 } }))))
  let count = 0
  await assert.rejects(
    async () => {
      for await (const chunk of zip.stream(zip.entries[0]!)) count += chunk.length
    },
    { code: 'size-mismatch' },
  )
  assert.ok(count <= 2 ** 21)
})

test('dates that do not exist are left out', async () => {
  const bytes = craftZip({})
  bytes.writeUInt16LE(0, bytes.indexOf('PK\x01\x02', 0, 'latin1') + 14)
  assert.equal((await Zip.open(bytesSource(bytes))).entries[0]!.modified, undefined)
})
