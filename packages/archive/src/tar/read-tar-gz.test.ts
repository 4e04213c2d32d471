/** Reading tar.gz archives as a stream: order, skipping, memory, and letting go of the source. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { createGzip, gzipSync } from 'node:zlib'
import { bytesSource, checkTarGz, readTarGz, type TarMember, writeTarGz } from '../mod.ts'
import { craftTar, craftTarGz, gnu, pax } from './craft-tar.fixture.ts'

const large = Buffer.alloc(3 * 2 ** 20, 'abc')
const archive = writeTarGz([
  { name: 'd', type: 'directory' },
  { name: 'd/large', bytes: large, mode: 0o755 },
  { name: 'd/small', bytes: 'hello' },
  { name: 'd/link', type: 'symlink', linkName: 'small' },
  { name: 'd/again', type: 'hardlink', linkName: 'd/small' },
])

/** Hands the bytes out in chunks and notes when the reader lets go. */
async function* chunked(bytes: Uint8Array, size: number, seen = { chunks: 0, closed: false }) {
  try {
    for (let at = 0; at < bytes.length; at += size) {
      seen.chunks += 1
      yield bytes.subarray(at, at + size)
    }
  } finally {
    seen.closed = true
  }
}

test('members come in order with their facts', async () => {
  const facts = await Array.fromAsync(
    readTarGz(bytesSource(archive)),
    ({ name, size, mode, type, linkName }) => [name, size, mode, type, linkName],
  )
  assert.deepEqual(facts, [
    ['d', 0, 0o755, 'directory', undefined],
    ['d/large', large.length, 0o755, 'file', undefined],
    ['d/small', 5, 0o644, 'file', undefined],
    ['d/link', 0, 0o644, 'symlink', 'small'],
    ['d/again', 0, 0o644, 'hardlink', 'd/small'],
  ])
})

test('any source of bytes gives the same members', async () => {
  const sources = [
    bytesSource(archive),
    chunked(archive, 1),
    chunked(archive, 1000),
    Readable.from([archive]),
    new Blob([archive as BlobPart]).stream(),
  ]
  for (const source of sources) {
    const found = await Array.fromAsync(readTarGz(source), async (member) => [
      member.name,
      (await member.bytes()).length,
    ])
    assert.deepEqual(found.slice(0, 3), [
      ['d', 0],
      ['d/large', large.length],
      ['d/small', 5],
    ])
  }
})

test('what is not read, or read in part, is skipped', async () => {
  for await (const member of readTarGz(bytesSource(archive))) {
    if (member.name === 'd/large') for await (const _ of member.stream()) break
    if (member.name === 'd/small')
      assert.equal(Buffer.from(await member.bytes()).toString(), 'hello')
  }
})

test('a member can be read once, and only while it is the current one', async () => {
  const past: TarMember[] = []
  for await (const member of readTarGz(bytesSource(archive))) {
    if (member.name === 'd/large') {
      await member.bytes()
      await assert.rejects(member.bytes(), /d\/large have gone by/)
    }
    past.push(member)
  }
  await assert.rejects(past[2]!.bytes(), /d\/small have gone by/)
})

test('a stream that is passed by says so', async () => {
  const members = readTarGz(bytesSource(archive))
  await members.next()
  const { value } = await members.next()
  const stream = (value as TarMember).stream()[Symbol.asyncIterator]()
  await stream.next()
  await members.next()
  await assert.rejects(stream.next(), /have gone by/)
  await members.return()
})

test('more than the limit is not held', async () => {
  for await (const member of readTarGz(bytesSource(archive))) {
    if (member.name !== 'd/large') continue
    await assert.rejects(member.bytes(large.length - 1), { code: 'entry-too-large' })
    assert.deepEqual(Buffer.from(await member.bytes(large.length)), large)
  }
})

test('the source is let go at the end, on a refusal, and when the reader stops', async () => {
  const refused = craftTarGz([{ name: 'a' }, { name: '../b' }])
  const whole = { chunks: 0, closed: false }
  await Array.fromAsync(readTarGz(chunked(archive, 100, whole)))
  const stopped = { chunks: 0, closed: false }
  for await (const _ of readTarGz(chunked(archive, 100, stopped))) break
  const thrown = { chunks: 0, closed: false }
  await assert.rejects(Array.fromAsync(readTarGz(chunked(refused, 10, thrown))))
  await new Promise((resolve) => setImmediate(resolve))
  assert.deepEqual([whole.closed, stopped.closed, thrown.closed], [true, true, true])
})

test('errors of the source reach the reader unchanged', async () => {
  async function* failing() {
    yield archive.subarray(0, 100)
    throw new Error('the line is dead')
  }
  await assert.rejects(Array.fromAsync(readTarGz(failing())), /the line is dead/)
})

test('a reader that waits makes the source wait, however large the member', async () => {
  const zeros = Buffer.alloc(2 ** 20)
  const size = 512 * 2 ** 20
  async function* tar() {
    yield craftTar([{ size: size.toString(8).padStart(11, '0') }], Buffer.alloc(0))
    for (let at = 0; at < size; at += zeros.length) yield zeros
    yield Buffer.alloc(1024)
  }
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  let count = 0
  const packed = Readable.from(tar()).pipe(createGzip({ level: 1 }))
  for await (const member of readTarGz(packed, { ratio: 2000 })) {
    for await (const chunk of member.stream()) {
      count += chunk.length
      most = Math.max(most, process.memoryUsage().arrayBuffers - before)
      if (count > 64 * 2 ** 20) break
    }
    break
  }
  packed.destroy()
  assert.ok(most < 48 * 2 ** 20, `${most} bytes`)
})

test('names come from prefixes, pax and GNU headers, and links from theirs', async () => {
  const long = `${'long/'.repeat(40)}name`
  const found = await Array.fromAsync(
    readTarGz(
      bytesSource(
        craftTarGz([
          { name: 'b', prefix: 'a' },
          pax({ path: long, linkpath: 'ä' }),
          { type: '2', linkName: 'x' },
          gnu('L', long),
          gnu('K', 'y'.repeat(150)),
          { type: '2', linkName: 'x' },
        ]),
      ),
    ),
    ({ name, linkName }) => [name, linkName],
  )
  assert.deepEqual(found, [
    ['a/b', undefined],
    [long, 'ä'],
    [long, 'y'.repeat(150)],
  ])
})

test('dates and modes are those of the header, dates before 1970 aside', async () => {
  const members = await Array.fromAsync(
    readTarGz(
      bytesSource(
        craftTarGz([
          { mode: '0004755', mtime: '15000000000' },
          { name: 'b', mode: '0100644', mtime: Buffer.alloc(12, 0xff) },
        ]),
      ),
    ),
  )
  assert.deepEqual(
    members.map(({ mode, modified }) => [mode, modified.getTime()]),
    [
      [0o4755, 0o15000000000 * 1000],
      [0o644, 0],
    ],
  )
})

test('a pax header tells the date better, unless it tells none', async () => {
  const times = ['1660480787.2333071', '5', '-5', 'NaN', '9'.repeat(40)]
  const crafted = times.flatMap((mtime, at) => [pax({ mtime }), { name: `f${at}` }])
  const members = await Array.fromAsync(readTarGz(bytesSource(craftTarGz(crafted))))
  assert.deepEqual(
    members.map(({ modified }) => modified.getTime()),
    [1660480787233, 5000, 0, 0, 0],
  )
})

test('the checksum of old programs, with signed bytes, is accepted', async () => {
  const name = Buffer.from('ä')
  const tar = craftTar([{ name }])
  const sum = Number.parseInt(tar.toString('latin1', 148, 154), 8) - 512
  tar.write(sum.toString(8).padStart(6, '0'), 148)
  assert.deepEqual(await checkTarGz(bytesSource(gzipSync(tar))), [])
})
