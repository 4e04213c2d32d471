/** tar.zst archives: there and back, the same bytes each time, and what is broken or too much. */
import assert from 'node:assert/strict'
import { hash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { bytesSource, readTarZst, readTarZstPassing, type TarFile, writeTarZst } from '../mod.ts'
import { craftTar } from './craft-tar.fixture.ts'

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

test('passing by, too, all is read: across the ends of chunks, and from a source that uses its memory again', async () => {
  const many = Array.from({ length: 3000 }, (_, at) =>
    file(`${'folder/'.repeat(90)}${at}`, randomBytes(1 + ((at * 997) % 3000))),
  )
  const sent = [...many, file('large', randomBytes(5 * 2 ** 20)), ...files]
  const packed = Buffer.concat(await Array.fromAsync(writeTarZst(sent, 3)))
  const source = {
    ...bytesSource(packed),
    readInto: async (memory: Uint8Array, start: number) =>
      packed.copy(memory, 0, start, start + memory.length),
  }
  const digest = (bytes: Iterable<Uint8Array>) => hash('sha256', Buffer.concat([...bytes]))
  const found = await Array.fromAsync(readTarZstPassing(source), async (member) => {
    const copies = await Array.fromAsync(member.chunks(), (chunk) => Buffer.from(chunk))
    return [member.name, digest(copies)]
  })
  assert.deepEqual(
    found,
    sent.map(({ name, chunks }) => [name, digest(chunks as Buffer[])]),
  )
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

test('data that is cut off, damaged, or no Zstandard is refused', async () => {
  const packed = await pack()
  const damaged = Buffer.from(packed)
  damaged.fill(0xff, 40, 60)
  const read = (bytes: Buffer) => Array.fromAsync(readTarZst(bytesSource(bytes)))
  for (const bytes of [
    packed.subarray(0, -20),
    damaged,
    Buffer.from('PK\x03\x04'),
    Buffer.alloc(0),
  ]) {
    await assert.rejects(read(bytes), { name: 'InvalidArchive' })
  }
})

test('a bomb, a frame that wants gigabytes of memory, and a name that leads out are refused', async () => {
  const zeros = zstdCompressSync(Buffer.alloc(2 ** 20))
  const bomb = Buffer.concat(Array.from({ length: 200 }, () => zeros))
  const read = (bytes: Buffer) => Array.fromAsync(readTarZst(bytesSource(bytes)))
  await assert.rejects(
    read(zstdCompressSync(craftTar([{ size: '77777777777' }], Buffer.alloc(0)))),
    {
      name: 'InvalidArchive',
    },
  )
  const tar = zstdDecompressSync(await pack())
  await assert.rejects(read(Buffer.concat([zstdCompressSync(tar), bomb])), { code: 'bomb' })
  // RFC 8878, 3.1.1: no single segment, a window of 2^41 bytes.
  const hungry = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf8, 0x01, 0x00, 0x00])
  await assert.rejects(read(hungry), { code: 'bad-data' })
  await assert.rejects(read(zstdCompressSync(craftTar([{ name: '../a' }]))), {
    code: 'name-traversal',
  })
})
