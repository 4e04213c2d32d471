import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { DamagedCacheEntry } from '../transaction.ts'
import { workshop } from '../workshop.fixture.ts'

const site = 'lib/python3.12/site-packages'

describe('a transaction that fails', () => {
  it('leaves all as it was, and throws a damaged cache entry away', async () => {
    await using shop = await workshop()
    await shop.install([wheel('demo', '1.0').file('demo/old.py', '').build()])
    const before = shop.tree()
    const next = wheel('demo', '2.0').file('demo/new.py', '').file('demo/z.py', '').build()
    const added = await shop.add(next)
    rmSync(join(added.tree, 'demo/z.py'))
    await assert.rejects(shop.install([{ wheel: added, isRequested: true }]), (error) => {
      assert.ok(error instanceof DamagedCacheEntry)
      assert.match(error.message, /z\.py is missing from the cache.*Run it again/s)
      return true
    })
    assert.deepEqual(shop.tree(), before)
    assert.equal(shop.cache.get(added.sha256), undefined)
    await shop.install([next])
    assert.deepEqual(shop.installed(), ['demo 2.0'])
  })

  it('leaves all as it was where two threads were at it', async () => {
    await using shop = await workshop()
    const large = (name: string) => {
      const built = wheel(name, '1.0')
      for (let at = 0; at < 1600; at += 1) built.file(`${name}/${at % 9}/${at}.py`, '')
      return built.build()
    }
    const before = shop.tree()
    const added = await Promise.all([shop.add(large('one')), shop.add(large('two'))])
    const items = added.map((each) => ({ wheel: each, isRequested: true }))
    rmSync(join(added[1]!.tree, 'two/6/1599.py'))
    await assert.rejects(shop.install(items), DamagedCacheEntry)
    assert.deepEqual(shop.tree(), before)
    await shop.install([large('one'), large('two')])
    const tree = shop.tree()
    for (const name of ['one', 'two']) {
      assert.equal(tree[`${site}/${name}/6/1599.py`], '')
      assert.equal(tree[`${site}/${name}-1.0.dist-info/INSTALLER`], 'cheese\n')
    }
  })

  it('names the path and what helps when the system refuses to write', async () => {
    await using shop = await workshop()
    const before = shop.tree()
    const name = 'x'.repeat(250)
    const long = wheel('demo', '1.0').file('demo/a.py', '')
    const added = await shop.add(long.build())
    const manifest = {
      ...added.manifest,
      consoleScripts: [{ name: `${name}${name}`, module: 'a', attribute: 'b' }],
    }
    const item = { wheel: { ...added, manifest }, isRequested: true }
    await assert.rejects(
      shop.install([item]),
      /x cannot be written: the name is too long for the file system/,
    )
    assert.deepEqual(shop.tree(), before)
  })
})
