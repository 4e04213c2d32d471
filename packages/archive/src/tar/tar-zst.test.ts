/** tar.zst archives: there and back, the same bytes each time, and what is broken or too much. */
import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { Findings } from '../findings.ts'
import {
  bytesSource,
  defaultLimits,
  passTarZst,
  readTarZst,
  type TarFile,
  writeTarZst,
} from '../mod.ts'
import { craftTar } from './craft-tar.fixture.ts'
import { PassingReader } from './passing-reader.ts'
import { passTar } from './walk-tar.ts'
import { unzstdFrom, unzstdWhole } from './zstd-filling.ts'

const large = Buffer.alloc(3 * 2 ** 20, 'abc')
const long = `${'folder/'.repeat(30)}name`
const file = (name: string, bytes: Buffer, mode?: number): TarFile => ({
  name,
  size: bytes.length,
  chunks: [bytes.subarray(0, 7), bytes.subarray(7)],
  ...(mode && { mode }),
})
const files = [
  file('a', Buffer.from('hello')),
  file('b/c', large, 0o755),
  file(long, Buffer.alloc(0)),
]

async function pack(): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(writeTarZst(files, 6)))
}

test('what is written is read, from memory and from a stream', async () => {
  const packed = await pack()
  assert.ok(packed.length < 10_000)
  for (const source of [bytesSource(packed), [packed.subarray(0, 9), packed.subarray(9)]]) {
    const stream = Symbol.iterator in source ? asStream(source) : source
    const found = await Array.fromAsync(readTarZst(stream), async (member) => [
      member.name,
      member.mode,
      Buffer.from(await member.bytes()),
    ])
    assert.deepEqual(found, [
      ['a', 0o644, Buffer.from('hello')],
      ['b/c', 0o755, large],
      [long, 0o644, Buffer.alloc(0)],
    ])
  }
})

async function* asStream(chunks: Iterable<Uint8Array>) {
  yield* chunks
}

test('what is small when packed and large when unpacked is read as all else', async () => {
  const huge = file('huge', Buffer.alloc(9 * 2 ** 20, 'abc'))
  const packed = Buffer.concat(await Array.fromAsync(writeTarZst([huge], 6)))
  assert.ok(packed.length < 2 ** 20)
  const sizes = await Array.fromAsync(readTarZst(bytesSource(packed)), async (member) => {
    return (await Array.fromAsync(member.stream())).reduce((sum, { length }) => sum + length, 0)
  })
  assert.deepEqual(sizes, [9 * 2 ** 20])
})

for (const unzstd of [unzstdFrom, unzstdWhole]) {
  test(`passing by, too, all is read, with ${unzstd.name}: across the ends of pieces, and from memory that is used again`, async () => {
    const many = Array.from({ length: 3000 }, (_, at) =>
      file(`${'folder/'.repeat(90)}${at}`, randomBytes(1 + ((at * 997) % 3000))),
    )
    const sent = [...many, file('large', randomBytes(5 * 2 ** 20)), ...files]
    const packed = Buffer.concat(await Array.fromAsync(writeTarZst(sent, 3)))
    const memory = Buffer.alloc(packed.length)
    const look = (start: number, end: number) =>
      memory.fill(0).subarray(0, packed.copy(memory, 0, start, end))
    using unpacked = unzstd({ ...bytesSource(packed), look }, defaultLimits)
    using reader = new PassingReader(unpacked.fill)
    const digest = (bytes: Iterable<Uint8Array>) => hash('sha256', Buffer.concat([...bytes]))
    const found = Array.from(passTar(reader, defaultLimits, Findings.refusing()), (member) => [
      member.name,
      digest(Array.from(member.chunks(), (chunk) => Buffer.from(chunk))),
    ])
    assert.deepEqual(
      found,
      sent.map(({ name, chunks }) => [name, digest(chunks as Buffer[])]),
    )
  })
}

test('a member that passes by is read once, or not at all', async () => {
  const seen: string[] = []
  const members = passTarZst(bytesSource(await pack()))
  const [first] = [members.next().value!]
  const chunks = first.chunks()
  for (const { name } of members) seen.push(name)
  assert.deepEqual(seen, ['b/c', long])
  assert.throws(() => first.chunks(), /gone by/)
  assert.deepEqual([...chunks].length, 1)
})

test('a header that is larger than the memory for all is read, and one that is larger still is refused', () => {
  const paxOf = (size: number) => {
    const record = ` comment=${'x'.repeat(size)}\n`
    return `${record.length + 7}`.padStart(7, '0') + record
  }
  const read = (size: number) => {
    const pax = { name: 'pax', type: 'x', content: paxOf(size) }
    const tar = zstdCompressSync(craftTar([pax, { name: 'a', content: 'hello' }]))
    return Array.from(passTarZst(bytesSource(tar)), (member) => String(member.bytes(100)))
  }
  assert.deepEqual(read(900_000), ['hello'])
  assert.throws(() => read(1_100_000), { code: 'header-too-large' })
})

test('the same files give the same bytes', async () => {
  assert.deepEqual(await pack(), await pack())
})

test('a file that has not the size it promised is not written', async () => {
  const lying = { name: 'a', size: 6, chunks: [Buffer.from('hello')] }
  await assert.rejects(Array.fromAsync(writeTarZst([lying], 3)), /a has 5 bytes, and 6/)
})

test('a file has the time it is given, as far as a header has room, and otherwise that of all', async () => {
  const times = ['2026-11-22T20:17:46.000Z', '1960-01-01T00:00:00.000Z', '9999-01-01T00:00:00.000Z']
  const dated = times.map((time, at) => ({
    ...file(at === 0 ? long : 'a', Buffer.alloc(0)),
    modified: new Date(time),
  }))
  const packed = writeTarZst([...dated, file('b', Buffer.alloc(0))], 3)
  const members = await Array.fromAsync(readTarZst(packed), ({ modified }) =>
    modified.toISOString(),
  )
  assert.deepEqual(members, [
    times[0],
    '1970-01-01T00:00:00.000Z',
    '2242-03-16T12:56:31.000Z',
    '1980-01-01T00:00:00.000Z',
  ])
})

/** Waiting, and passing by. */
const bothWays = [
  (bytes: Buffer) => Array.fromAsync(readTarZst(bytesSource(bytes))),
  async (bytes: Buffer) => Array.from(passTarZst(bytesSource(bytes))),
]

test('data that is cut off, damaged, or no Zstandard is refused', async () => {
  const packed = await pack()
  const damaged = Buffer.from(packed)
  damaged.fill(0xff, 40, 60)
  for (const bytes of [
    packed.subarray(0, -20),
    damaged,
    Buffer.from('PK\x03\x04'),
    Buffer.alloc(0),
  ]) {
    for (const read of bothWays) await assert.rejects(read(bytes), { name: 'InvalidArchive' })
  }
  const more = Buffer.concat([packed, Buffer.from('there is more')])
  assert.throws(() => [...passTarZst(bytesSource(more))], { name: 'InvalidArchive' })
})

test('a bomb, a frame that wants gigabytes of memory, and a name that leads out are refused', async () => {
  const zeros = zstdCompressSync(Buffer.alloc(2 ** 20))
  const bomb = Buffer.concat(Array.from({ length: 200 }, () => zeros))
  const lying = zstdCompressSync(craftTar([{ size: '77777777777' }], Buffer.alloc(0)))
  const tar = zstdDecompressSync(await pack())
  const bombBehind = Buffer.concat([zstdCompressSync(tar), bomb])
  // RFC 8878, 3.1.1: no single segment, a window of 2^41 bytes.
  const hungry = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00])
  const leadingOut = zstdCompressSync(craftTar([{ name: '../a' }]))
  for (const read of bothWays) {
    await assert.rejects(read(lying), { name: 'InvalidArchive' })
    await assert.rejects(read(bombBehind), { code: 'bomb' })
    await assert.rejects(read(hungry), { code: 'bad-data' })
    await assert.rejects(read(leadingOut), { code: 'name-traversal' })
  }
  const whole = unzstdWhole(bytesSource(bombBehind), defaultLimits)
  assert.throws(() => whole.fill(new Uint8Array(9)), { code: 'bomb' })
})
