/** Whatever byte of a twin is changed: what comes out is the wheel, or nothing. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { bytesSource } from '@cheeseshop/archive'
import { readWheel, writeWheelTwin } from '@cheeseshop/packaging'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import fc from 'fast-check'
import { InvalidWheel } from './invalid-wheel.ts'
import { unpackTwin, unpackWheel } from './unpack-wheel.ts'

const { filename, bytes } = wheel('demo', '1.0')
  .file('demo/__init__.py', 'x = 1\n')
  .file('demo-1.0.data/scripts/run', '#!python\n')
  .entryPoints('[console_scripts]\ndemo = demo:main\n')
  .build()
const packed = await Array.fromAsync(writeWheelTwin(await readWheel(bytesSource(bytes), filename)))
const tar = zstdDecompressSync(Buffer.concat(packed))

function contentsOf(tree: string): Record<string, string> {
  const files = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(
    paths.map((path) => [path.slice(tree.length), readFileSync(path, 'latin1')]),
  )
}

test('a changed byte, a cut or a repetition gives the tree of the wheel, or is refused', async () => {
  await using folder = await temporaryFolder()
  await unpackWheel(bytesSource(bytes), filename, folder.join('wheel'))
  const expected = contentsOf(folder.join('wheel'))
  const at = fc.nat(tar.length - 1)
  const changes = fc.oneof(
    fc.tuple(at, fc.nat(255)).map(([place, byte]) => {
      const changed = Buffer.from(tar)
      changed[place] = byte
      return changed
    }),
    at.map((end) => tar.subarray(0, end)),
    fc.tuple(at, at).map(([from, to]) => Buffer.concat([tar.subarray(0, from), tar.subarray(to)])),
  )
  let runs = 0
  let refusals = 0
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const tree = folder.join(`twin-${runs++}`)
      try {
        await unpackTwin(bytesSource(zstdCompressSync(changed)), filename, tree)
      } catch (error) {
        refusals += 1
        assert.ok(error instanceof InvalidWheel, String(error))
        return
      }
      assert.deepEqual(contentsOf(tree), expected)
    }),
    { numRuns: 200 },
  )
  assert.ok(refusals > 60, `${refusals} of ${runs} were refused`)
})
