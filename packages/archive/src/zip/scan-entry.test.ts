/** Looking at entries of any size through one piece of memory. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { TemporaryFolder } from '../folder.fixture.ts'
import { bytesSource, openFileSource, Zip } from '../mod.ts'
import { craftZip } from './craft-zip.fixture.ts'

const large = Buffer.concat([randomBytes(700_000), Buffer.alloc(900_000)])
const archive = craftZip({
  entries: [
    { name: 'stored', content: large, method: 0 },
    { name: 'deflated', content: large, method: 8 },
  ],
})

const content = large.subarray(600_000, 800_000)
const small = craftZip({
  entries: [
    { name: 'stored', content, method: 0 },
    { name: 'deflated', content, method: 8 },
  ],
})

/** Looks at the first chunk, and leaves the rest when it is disposed. */
function stop(chunks: Generator<Uint8Array>): Disposable {
  chunks.next()
  return { [Symbol.dispose]: () => void chunks.return(undefined) }
}

async function openFile(folder: TemporaryFolder) {
  const path = join(folder.outside, 'large.zip')
  await writeFile(path, archive)
  const source = await openFileSource(path)
  return { path, source, zip: await Zip.open(source) }
}

for (const name of ['stored', 'deflated']) {
  describe(`an entry that is ${name}`, () => {
    test('is seen whole, whatever it is read from', async () => {
      using folder = new TemporaryFolder()
      const { source, zip } = await openFile(folder)
      await using _ = source
      for (const each of [zip, await Zip.open(bytesSource(archive))]) {
        const seen: Buffer[] = []
        for await (const chunk of each.scan(each.get(name)!)) seen.push(Buffer.from(chunk))
        assert.ok(Buffer.concat(seen).equals(large))
      }
    })

    test('can be left after its first chunk', async () => {
      using folder = new TemporaryFolder()
      const { source, zip } = await openFile(folder)
      await using _ = source
      for await (const chunk of zip.scan(zip.get(name)!)) {
        assert.ok(chunk.length > 0)
        break
      }
    })

    test('is refused when the file has become shorter meanwhile', async () => {
      using folder = new TemporaryFolder()
      const { path, source, zip } = await openFile(folder)
      await using _ = source
      const entry = zip.get(name)!
      await truncate(path, entry.headerOffset + 300_000)
      await assert.rejects(Array.fromAsync(zip.scan(entry)), { code: 'truncated' })
    })
  })
}

test('the memory of an entry in one chunk is given back, and that of the archive is not', async () => {
  const zip = await Zip.open(bytesSource(small))
  const bytes = Uint8Array.from(small)
  for (const [name, left] of [
    ['deflated', 0],
    ['stored', content.length],
  ] as const) {
    // While this one is looked at, another has memory of its own.
    using _ = stop(zip.pass(zip.get('deflated')!))
    const seen: Uint8Array[] = []
    for (const chunk of zip.pass(zip.get(name)!)) {
      assert.ok(content.equals(chunk))
      seen.push(chunk)
    }
    assert.deepEqual(
      seen.map(({ length }) => length),
      [left],
    )
  }
  assert.ok(small.equals(bytes))
})

test('a stored entry passes through one piece of memory, and is kept in several when it is streamed', async () => {
  using folder = new TemporaryFolder()
  const { source, zip } = await openFile(folder)
  await using _ = source
  const entry = zip.get('stored')!
  const pieces = (chunks: readonly Uint8Array[]) => new Set(chunks.map(({ buffer }) => buffer)).size
  const streamed = await Array.fromAsync(zip.stream(entry))
  assert.equal(pieces(await Array.fromAsync(zip.scan(entry))), 1)
  assert.equal(pieces(streamed), streamed.length)
  assert.ok(Buffer.concat(streamed).equals(large))
})
