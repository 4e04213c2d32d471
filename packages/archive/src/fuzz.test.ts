/** Damaged archives of all kinds: every answer is a value or InvalidArchive, soon, and within limits. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, gunzipSync, gzipSync } from 'node:zlib'
import {
  bytesSource,
  checkTarGz,
  checkZip,
  InvalidArchive,
  readTarGz,
  writeTarGz,
  writeZip,
  Zip,
} from './mod.ts'
import { craftTarGz, gnu, pax } from './tar/craft-tar.fixture.ts'
import { craftZip, extraField, uint32, zip64Extra } from './zip/craft-zip.fixture.ts'

const limits = {
  entries: 50,
  totalSize: 100_000,
  entrySize: 50_000,
  ratioFrom: 20_000,
  nameLength: 200,
}
const rounds = 1500

/** The same numbers in every run (a linear congruential generator, Knuth's MMIX constants). */
function generator(seed: bigint): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn
    return Number(state >> 33n) % below
  }
}

type Random = ReturnType<typeof generator>

/** Values that sit on the edges of sizes, places and counts. */
const edges = [0, 1, 4, 22, 0x7f, 0x80, 0xff, 0xfffe, 0xffff, 0x7fffffff, 0xffffffff]

const mutations: ((bytes: Buffer, random: Random, other: Buffer) => Buffer)[] = [
  (bytes, random) => {
    bytes[random(bytes.length)]! ^= 1 << random(8)
    return bytes
  },
  (bytes, random) => {
    bytes[random(bytes.length)] = random(256)
    return bytes
  },
  (bytes, random) => {
    const at = random(Math.max(1, bytes.length - 4))
    if (at + 4 <= bytes.length) bytes.writeUInt32LE(edges[random(edges.length)]!, at)
    return bytes
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length)),
  (bytes, random) => bytes.subarray(random(Math.min(40, bytes.length))),
  (bytes, random, other) => {
    const at = random(bytes.length)
    const piece = other.subarray(random(other.length), random(other.length))
    return Buffer.concat([
      bytes.subarray(0, at),
      piece,
      bytes.subarray(at + random(2) * piece.length),
    ])
  },
  (bytes, random) => {
    const from = random(bytes.length)
    const piece = bytes.subarray(from, from + random(100))
    const at = random(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
  },
]

function mutate(original: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let bytes: Buffer = Buffer.from(original)
  for (let times = 1 + random(3); times > 0 && bytes.length > 0; times -= 1) {
    bytes = Buffer.from(
      mutations[random(mutations.length)]!(bytes, random, others[random(others.length)]!),
    )
  }
  return bytes
}

const zips = [
  Buffer.from(
    writeZip([
      { name: 'a/', bytes: '' },
      { name: 'a/b', bytes: 'hello'.repeat(500) },
      { name: 'c', bytes: 'x' },
    ]),
  ),
  craftZip({ entries: [{}, { name: 'b', method: 0 }], zip64: {}, comment: Buffer.from('comment') }),
  craftZip({
    entries: [
      {
        flags: 8,
        local: { crc: 0, size: 0, compressedSize: 0 },
        after: uint32(crc32('hello'), 7, 5),
      },
      { name: 'b', both: { compressedSize: 0xffffffff, extra: zip64Extra(7) } },
      { name: 'c', both: { extra: extraField(0x5455, Buffer.alloc(9)) } },
      { name: 'zeros', content: Buffer.alloc(19_000) },
    ],
  }),
]

const tars = [
  Buffer.from(
    writeTarGz([
      { name: 'd', type: 'directory' },
      { name: 'd/a', bytes: 'hello' },
      { name: 'l', type: 'symlink', linkName: 'd/a' },
    ]),
  ),
  craftTarGz([
    pax({ path: 'p'.repeat(150), size: '5' }),
    { content: 'hello' },
    gnu('L', 'g'.repeat(120)),
    { content: 'x'.repeat(3000) },
    pax({ comment: 'c' }, 'g'),
    { name: 'b' },
    { name: 'h', type: '1', linkName: 'b' },
  ]),
].map((archive) => gunzipSync(archive))

/** Unpacked bytes, or the refusal; anything else that is thrown fails the test. */
async function outcome(read: () => Promise<number>): Promise<number | InvalidArchive> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof InvalidArchive) return error
    throw error
  }
}

async function readZip(bytes: Buffer): Promise<number> {
  const zip = await Zip.open(bytesSource(bytes), limits)
  assert.ok(zip.entries.length <= limits.entries)
  let total = 0
  for (const entry of zip.entries) total += (await zip.read(entry)).length
  return total
}

async function readTar(archive: Buffer): Promise<number> {
  let total = 0
  for await (const member of readTarGz(bytesSource(archive), limits)) {
    for await (const chunk of member.stream()) total += chunk.length
  }
  return total
}

/** Counts the answers, so that a fuzzer that never gets past the front door shows. */
async function fuzz(
  seed: bigint,
  next: (random: Random) => Buffer,
  check: typeof checkZip,
  read: typeof readZip,
) {
  const random = generator(seed)
  const seen = { clean: 0, read: 0, codes: new Set<string>() }
  for (let round = 0; round < rounds; round += 1) {
    const bytes = next(random)
    const problems = await check(bytesSource(bytes), limits)
    const result = await outcome(() => read(bytes))
    for (const { code } of problems) seen.codes.add(code)
    if (problems.length === 0) seen.clean += 1
    if (typeof result === 'number') {
      seen.read += 1
      assert.ok(result <= limits.totalSize)
    } else {
      assert.notDeepEqual(
        problems,
        [],
        `read refuses what the check finds clean: ${result.message}`,
      )
    }
  }
  return seen
}

test('no damage to a zip file does more than refuse it', async () => {
  const next = (random: Random) => mutate(zips[random(zips.length)]!, zips, random)
  const seen = await fuzz(1n, next, checkZip, readZip)
  assert.ok(seen.codes.size >= 25, [...seen.codes].join(' '))
  assert.ok(seen.read > seen.clean && seen.clean > 0)
})

test('no damage to a gzip file does more than refuse it', async () => {
  const packed = tars.map((tar) => gzipSync(tar))
  const next = (random: Random) => mutate(packed[random(packed.length)]!, packed, random)
  const seen = await fuzz(2n, next, checkTarGz, readTar)
  assert.ok(seen.codes.size >= 5, [...seen.codes].join(' '))
})

test('no damage to a tar archive does more than refuse it', async () => {
  const next = (random: Random) => {
    let tar: Buffer = Buffer.from(tars[random(tars.length)]!)
    for (let times = 1 + random(3); times > 0; times -= 1) {
      tar = tarMutations[random(tarMutations.length)]!(tar, random)
    }
    return gzipSync(random(8) === 0 ? mutate(tar, tars, random) : withChecksums(tar), { level: 1 })
  }
  const seen = await fuzz(3n, next, checkTarGz, readTar)
  assert.ok(seen.codes.size >= 20, [...seen.codes].join(' '))
  assert.ok(seen.read > seen.clean && seen.clean > 0)
})

/** Damage that keeps blocks where they are. */
const tarMutations: ((tar: Buffer, random: Random) => Buffer)[] = [
  (tar, random) => setInBlock(tar, random, 156, Buffer.of('0123567SxgXLKV'.charCodeAt(random(14)))),
  (tar, random) => setInBlock(tar, random, 124, `0000000${random(8)}00${random(8)}`),
  (tar, random) =>
    setInBlock(tar, random, random(2) * 157, ['../up', '/abs', 'a\\b', 'd/', ''][random(5)]!),
  (tar, random) => setInBlock(tar, random, random(512), Buffer.of(random(256))),
  (tar, random) => {
    const [from, to, at] = [blockOf(tar, random), blockOf(tar, random), blockOf(tar, random)]
    return Buffer.concat([tar.subarray(0, at), tar.subarray(from, to), tar.subarray(at)])
  },
  (tar, random) => {
    const at = blockOf(tar, random)
    return Buffer.concat([tar.subarray(0, at), tar.subarray(at + 512 * (1 + random(2)))])
  },
]

function blockOf(tar: Buffer, random: Random): number {
  return 512 * random(Math.max(1, tar.length / 512))
}

function setInBlock(tar: Buffer, random: Random, at: number, value: Buffer | string): Buffer {
  const bytes = Buffer.from(`${value}\0`, 'latin1')
  const written = typeof value === 'string' ? bytes : value
  written.copy(tar, blockOf(tar, random) + at)
  return tar
}

/** Rights the checksums of what look like headers, or nearly no damage would get past them. */
function withChecksums(tar: Buffer): Buffer {
  for (let at = 0; at + 512 <= tar.length; at += 512) {
    const block = tar.subarray(at, at + 512)
    if (block.toString('latin1', 257, 262) !== 'ustar') continue
    block.write('        ', 148, 'latin1')
    const sum = block.reduce((total, byte) => total + byte, 0)
    block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  }
  return tar
}
