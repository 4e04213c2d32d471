import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { workshop } from '../workshop.fixture.ts'
import { InvalidWheel } from './invalid-wheel.ts'
import { assertRefused } from './refused-wheel.fixture.ts'
import { WheelCache } from './wheel-cache.ts'

describe('the cache of wheels', () => {
  it('unpacks a wheel once, whoever asks', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0').file('demo/__init__.py', 'one = 1\n').build()
    const others = new WheelCache(shop.cacheFolder)
    const source = { filename: built.filename, source: built.bytes }
    const [first, second, third] = await Promise.all([
      shop.add(built),
      shop.add(built),
      others.add(source),
    ])
    assert.equal(first, second)
    assert.deepEqual(third, first)
    assert.equal(shop.events.filter(({ type }) => type === 'wheel-unpacked').length, 1)
    assert.deepEqual(shop.cache.get(first.sha256), first)
    assert.equal(readFileSync(join(first.tree, 'demo/__init__.py'), 'utf8'), 'one = 1\n')
    assert.deepEqual(readdirSync(shop.cacheFolder.join('tmp')), [])
  })

  it('knows each file without looking: folders, modes, rows of RECORD, entry points', async () => {
    await using shop = await workshop()
    const built = wheel('My.Demo', '1.0')
      .file('demo/a,b.py', '')
      .file('demo-1.0.data/scripts/run', '#!python\n')
      .entryPoints('[console_scripts]\ndemo = demo:main\n')
    const { manifest, tree } = await shop.add(built.build())
    assert.equal(manifest.name, 'my-demo')
    assert.equal(manifest.distInfo, 'my_demo-1.0.dist-info')
    assert.deepEqual(manifest.root.folders, ['demo', 'my_demo-1.0.dist-info'])
    assert.deepEqual(manifest.root.paths, [
      'demo/a,b.py',
      ...['entry_points.txt', 'METADATA', 'WHEEL'].map((name) => `my_demo-1.0.dist-info/${name}`),
    ])
    const empty = createHash('sha256').digest('base64url')
    assert.equal(manifest.root.record.split('\n')[0], `"demo/a,b.py",sha256=${empty},0`)
    assert.deepEqual(manifest.consoleScripts, [{ name: 'demo', module: 'demo', attribute: 'main' }])
    assert.deepEqual(
      manifest.data.map(({ key, target, hasPythonShebang }) => [key, target, hasPythonShebang]),
      [['scripts', 'run', true]],
    )
    assert.equal(statSync(join(tree, 'demo-1.0.data/scripts/run')).mode & 0o777, 0o755)
    assert.equal(statSync(join(tree, 'demo/a,b.py')).mode & 0o777, 0o644)
  })

  it('unpacks large wheels on threads, with the same errors', async () => {
    await using shop = await workshop()
    const noise = randomBytes(1_200_000)
    const good = wheel('large', '1.0').file('noise.bin', noise)
    const { filename, bytes } = good.build()
    const source = new Uint8Array(bytes)
    const added = await shop.cache.add({ filename, source })
    assert.equal(source.length, 0, 'the bytes have moved to a thread')
    assert.deepEqual(readFileSync(join(added.tree, 'noise.bin')), noise)
    const lying = wheel('large', '2.0')
      .file('noise.bin', noise)
      .editRecord((text) => text.replace(/sha256=../, 'sha256=__'))
    await assertRefused(shop, lying.build(), 'record-hash-mismatch', 'noise.bin')
  })

  it('takes a file, and refuses it when it is another than was promised', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0').build()
    const path = join(shop.path, built.filename)
    writeFileSync(path, built.bytes)
    const other = 'a'.repeat(64)
    const wrong = shop.cache.add({ filename: built.filename, source: path, sha256: other })
    await assert.rejects(
      wrong,
      /demo-1\.0-py3-none-any\.whl is refused: Its sha256 is [0-9a-f]{64}, and a{64} was expected/,
    )
    assert.equal(shop.cache.get(other), undefined)
    const sha256 = createHash('sha256').update(built.bytes).digest('hex')
    const added = await shop.cache.add({
      filename: built.filename,
      source: path,
      sha256: sha256.toUpperCase(),
    })
    assert.equal(added.sha256, sha256)
  })

  it('believes a digest that was computed on the way here, if it is the expected one', async () => {
    await using shop = await workshop()
    const { filename, bytes } = wheel('demo', '1.0').build()
    const source = () => Uint8Array.from(bytes)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const other = 'a'.repeat(64)
    await assert.rejects(
      shop.cache.add({ filename, source: source(), sha256: other, computed: sha256 }),
      /is refused: Its sha256 is [0-9a-f]{64}, and a{64} was expected/,
    )
    assert.equal(shop.cache.get(other), undefined)
    const added = await shop.cache.add({ filename, source: source(), computed: sha256 })
    assert.equal(added.sha256, sha256)
    const believed = await shop.cache.add({ filename, source: source(), computed: other })
    assert.equal(believed.sha256, other, 'it was not hashed once more')
  })

  it('does not take known bytes under the name of another project', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0').build()
    await shop.add(built)
    await assert.rejects(
      shop.add({ ...built, filename: 'other-1.0-py3-none-any.whl' }),
      InvalidWheel,
    )
    await assert.rejects(
      shop.add({ ...built, filename: 'demo-1.1-py3-none-any.whl' }),
      InvalidWheel,
    )
    await shop.add({ ...built, filename: 'demo-1.0.0-1-py3-none-any.whl' })
  })

  it('heals an entry whose manifest is damaged', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0').build()
    const added = await shop.add(built)
    for (const damage of [
      '{"format":1',
      '{"format":0,"manifest":{}}',
      '{"format":1,"manifest":{}}',
      'null',
    ]) {
      writeFileSync(join(dirname(added.tree), 'manifest.json'), damage)
      shop.events.length = 0
      assert.equal(shop.cache.get(added.sha256), undefined)
      assert.equal(shop.events[0]?.type, 'cache-healed')
      assert.deepEqual(await shop.add(built), added)
    }
  })
})
