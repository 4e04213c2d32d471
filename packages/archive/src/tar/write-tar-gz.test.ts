/** What is written is read back, by this package and by tar-stream, and the other way round. */
import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { extract, pack } from 'tar-stream'
import { bytesSource, checkTarGz, readTarGz, writeTarGz } from '../mod.ts'

const letters = fc.constantFrom(...'aB1_- é日😀.')
const segment = fc.string({ unit: letters, minLength: 1, maxLength: 30 }).map((text) => `${text}x`)
const path = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
const content = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc.constantFrom(0, 511, 512, 513, 5000).map((size) => new Uint8Array(size).fill(7)),
)
const member = fc.oneof(
  fc.record({ name: path, bytes: content, mode: fc.constantFrom(0o644, 0o755) }),
  fc.record({ name: path, type: fc.constant('directory' as const) }),
  fc.record({ name: path, type: fc.constant('symlink' as const), linkName: path }),
)
const members = fc
  .array(member, { minLength: 1, maxLength: 12 })
  .map((list) => list.map((one, at) => ({ ...one, name: `${at}/${one.name}` })))

/** What every reader should make of it. */
function expected(list: Parameters<typeof writeTarGz>[0]) {
  return [...list].map(({ name, bytes, type = 'file', linkName, mode }) => ({
    name,
    type,
    mode: mode ?? (type === 'directory' ? 0o755 : 0o644),
    linkName: linkName ?? '',
    content: Buffer.from((bytes ?? '') as string).toString('hex'),
  }))
}

async function readByUs(archive: Uint8Array) {
  return Array.fromAsync(readTarGz(bytesSource(archive)), async (found) => ({
    name: found.name,
    type: found.type as string,
    mode: found.mode,
    linkName: found.linkName ?? '',
    content: Buffer.from(await found.bytes()).toString('hex'),
  }))
}

async function readByTarStream(archive: Uint8Array) {
  const entries = Readable.from([gunzipSync(archive)]).pipe(extract())
  const found = []
  for await (const entry of entries) {
    const { name, type, mode, linkname } = entry.header
    found.push({
      name: name.replace(/\/$/, ''),
      type: type as string,
      mode: mode as number,
      linkName: linkname ?? '',
      content: (await buffer(entry)).toString('hex'),
    })
  }
  return found
}

test('what is written is clean and is read back, by us and by tar-stream', async () => {
  await fc.assert(
    fc.asyncProperty(members, async (list) => {
      const archive = writeTarGz(list)
      assert.deepEqual(await checkTarGz(bytesSource(archive)), [])
      assert.deepEqual(await readByUs(archive), expected(list))
      assert.deepEqual(await readByTarStream(archive), expected(list))
    }),
    { numRuns: 60 },
  )
})

test('what tar-stream writes is read', async () => {
  await fc.assert(
    fc.asyncProperty(members, async (list) => {
      const tar = pack()
      for (const { name, type, mode, linkName, content: hex } of expected(list)) {
        const header = { name, type: type as 'file', mode, mtime: new Date(0) }
        const linkname = linkName === '' ? {} : { linkname: linkName }
        tar.entry({ ...header, ...linkname }, Buffer.from(hex, 'hex'))
      }
      tar.finalize()
      assert.deepEqual(await readByUs(gzipSync(await buffer(tar))), expected(list))
    }),
    { numRuns: 30 },
  )
})

test('the same members give the same bytes, whatever the system', () => {
  const list = [
    { name: 'a', bytes: 'hello' },
    { name: 'b', type: 'directory' as const },
  ]
  const archive = writeTarGz(list)
  assert.deepEqual(archive, writeTarGz(list))
  assert.equal(Buffer.from(archive.subarray(0, 10)).toString('hex'), '1f8b08000000000000ff')
})

test('dates are the first that zip files can hold', async () => {
  const [only] = await Array.fromAsync(readTarGz(bytesSource(writeTarGz([{ name: 'a' }]))))
  assert.equal(only!.modified.toISOString(), '1980-01-01T00:00:00.000Z')
})

test('hard links are written, and anything else that a test may want', async () => {
  const archive = writeTarGz([
    { name: 'a', bytes: 'hello' },
    { name: 'b', type: 'hardlink', linkName: 'a' },
  ])
  assert.equal((await readByUs(archive))[1]!.linkName, 'a')
  const outside = writeTarGz([{ name: '../a' }])
  assert.equal((await checkTarGz(bytesSource(outside)))[0]!.code, 'name-traversal')
})
