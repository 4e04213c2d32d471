import assert from 'node:assert/strict'
import {
  appendFileSync,
  chmodSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { type Workshop, workshop } from '../workshop.fixture.ts'
import type { CachedWheel } from './cached-wheel.ts'
import { WheelCache } from './wheel-cache.ts'

const text = 'one = 1\n'
const small = wheel('demo', '1.0').file('demo.py', text).file('demo-1.0.data/scripts/run', text)
const large = wheel('large', '1.0').file('demo.py', text)
for (let at = 0; at < 100; at += 1) large.file(`large/m${at}.py`, '')

/** What may become of a file, and what is told of it. */
const damages: Record<string, readonly [(path: string) => void, RegExp]> = {
  cut: [(path) => truncateSync(path, 3), /demo\.py has another content/],
  longer: [(path) => appendFileSync(path, 'two\n'), /demo\.py has another content/],
  'as long as before': [(path) => writeAfter(path, 'one = 2\n'), /demo\.py has another content/],
  gone: [(path) => rmSync(path), /demo\.py cannot be read/],
}

describe('an unpacked wheel', () => {
  for (const [what, [damage, told]] of Object.entries(damages)) {
    it(`is thrown away when a file of it is ${what}`, async () => {
      await using shop = await workshop()
      const { sha256, tree } = await shop.add(small.build())
      assert.ok(shop.cache.get(sha256))
      damage(join(tree, 'demo.py'))
      assert.equal(laterRun(shop).get(sha256), undefined)
      const healed = shop.events.find(({ type }) => type === 'cache-healed')
      assert.match((healed as { reason: string }).reason, told)
    })
  }

  it('is looked at with its scripts', async () => {
    await using shop = await workshop()
    const { sha256, tree } = await shop.add(small.build())
    truncateSync(join(tree, 'demo-1.0.data/scripts/run'), 0)
    assert.equal(laterRun(shop).get(sha256), undefined)
  })

  it('is kept where only the times are new, as in a copied cache, and is read once for that', async () => {
    await using shop = await workshop()
    const added = await shop.add(small.build())
    setLastLook(added, Date.now() - 1000)
    writeAfter(join(added.tree, 'demo.py'), text)
    assert.deepEqual(laterRun(shop).get(added.sha256), added)
    assert.ok(lastLook(added) > Date.now() - 500)
  })

  it('with many files is looked at once an hour', async () => {
    await using shop = await workshop()
    const added = await shop.add(large.build())
    truncateSync(join(added.tree, 'demo.py'))
    assert.ok(laterRun(shop).get(added.sha256), 'it was unpacked a moment ago')
    setLastLook(added, Date.now() - 3_700_000)
    assert.equal(laterRun(shop).get(added.sha256), undefined)
  })

  it('with many files that are whole is not looked at again soon', async () => {
    await using shop = await workshop()
    const added = await shop.add(large.build())
    const longAgo = Date.now() - 3_700_000
    for (const path of [...added.manifest.root.paths, '../manifest.json'])
      utimesSync(join(added.tree, path), longAgo / 1000 - 1, longAgo / 1000 - 1)
    assert.ok(laterRun(shop).get(added.sha256))
    assert.ok(lastLook(added) > longAgo + 3_000_000)
  })

  it('is used in a cache that can only be read', async () => {
    await using shop = await workshop()
    const added = await shop.add(small.build())
    chmodSync(dirname(added.tree), 0o555)
    assert.deepEqual(laterRun(shop).get(added.sha256), added)
  })
})

function laterRun(shop: Workshop): WheelCache {
  return new WheelCache(shop.cacheFolder, (event) => shop.events.push(event))
}

/** As an editor does that writes in place, a while after the wheel was unpacked. */
function writeAfter(path: string, content: string): void {
  assert.equal(content.length, readFileSync(path).length)
  writeFileSync(path, content)
  const later = Date.now() / 1000 + 0.1
  utimesSync(path, later, later)
}

function lastLook({ tree }: CachedWheel): number {
  return statSync(join(dirname(tree), 'manifest.json')).mtimeMs
}

function setLastLook({ tree }: CachedWheel, time: number): void {
  utimesSync(join(dirname(tree), 'manifest.json'), time / 1000, time / 1000)
}
