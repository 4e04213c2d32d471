import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { writeZip } from '@cheeseshop/archive'
import { type BuiltDistribution, type WheelBuilder, wheel } from '@cheeseshop/testing'
import { type Workshop, workshop } from '../workshop.fixture.ts'
import { InvalidWheel } from './invalid-wheel.ts'
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
    for (const damage of ['{"format":1', '{"format":0,"manifest":{}}', 'null']) {
      writeFileSync(join(dirname(added.tree), 'manifest.json'), damage)
      shop.events.length = 0
      assert.equal(shop.cache.get(added.sha256), undefined)
      assert.equal(shop.events[0]?.type, 'cache-healed')
      assert.deepEqual(await shop.add(built), added)
    }
  })
})

describe('a wheel is refused, and nothing of it kept, when', () => {
  const demo = () => wheel('demo', '1.0').file('demo.py', 'pass')
  const cases: [string, WheelBuilder, string, string?][] = [
    [
      'a digest in RECORD is wrong',
      demo().editRecord((text) => text.replace(/sha256=../, 'sha256=__')),
      'record-hash-mismatch',
      'demo.py',
    ],
    [
      'a size in RECORD is wrong',
      demo().editRecord((text) => text.replace(',4\n', ',5\n')),
      'record-size-mismatch',
      'demo.py',
    ],
    ['it has no RECORD', demo().without('RECORD'), 'record-missing'],
    ['it has no METADATA', demo().without('METADATA'), 'metadata-missing'],
    [
      'it is another project',
      demo().metadataText('Metadata-Version: 2.1\nName: other\nVersion: 1.0\n'),
      'metadata-name',
    ],
    [
      'it is another version',
      demo().metadataText('Metadata-Version: 2.1\nName: demo\nVersion: 2.0\n'),
      'metadata-version',
    ],
    [
      'it is of a format to come',
      demo().distInfoFile('WHEEL', 'Wheel-Version: 2.0\n'),
      'wheel-file-version',
    ],
    [
      'its data goes nowhere',
      demo().file('demo-1.0.data/nowhere/x', ''),
      'data-key',
      'demo-1.0.data/nowhere/x',
    ],
    ['its data has no kind', demo().file('demo-1.0.data/x', ''), 'data-key', 'demo-1.0.data/x'],
    ['a script lies in a folder', demo().file('demo-1.0.data/scripts/sub/x', ''), 'script-name'],
    [
      'a script would replace the interpreter',
      demo().file('demo-1.0.data/scripts/Python3.12', ''),
      'script-name',
    ],
    [
      'its data would replace the interpreter',
      demo().file('demo-1.0.data/data/bin/python', ''),
      'environment-file',
    ],
    [
      'its data would replace what makes an environment one',
      demo().file('demo-1.0.data/data/pyvenv.cfg', ''),
      'environment-file',
    ],
    [
      'an entry point would replace the interpreter',
      demo().entryPoints('[console_scripts]\npython3 = demo:main\n'),
      'entry-points-invalid',
    ],
    [
      'an entry point leaves its folder',
      demo().entryPoints('[gui_scripts]\n../x = demo:main\n'),
      'entry-points-invalid',
    ],
    [
      'an entry point is more than a name',
      demo().entryPoints('[console_scripts]\nx = os:system("x")\n'),
      'entry-points-invalid',
    ],
  ]
  for (const [title, builder, code, entry] of cases) {
    it(title, async () => {
      await using shop = await workshop()
      await assertRefused(shop, builder.build(), code, entry)
    })
  }

  it('an entry leads out of its folder', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0').file('aa/escape', 'x').build()
    const bytes = Buffer.from(built.bytes)
    for (let at = bytes.indexOf('aa/escape'); at >= 0; at = bytes.indexOf('aa/escape'))
      bytes.write('../escape', at)
    await assertRefused(shop, { ...built, bytes }, 'name-traversal', '../escape')
    assert.equal(existsSync(shop.cacheFolder.join('wheels')), false)
  })

  it('it holds a symbolic link', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0').build()
    const info = 'demo-1.0.dist-info'
    const bytes = writeZip([
      { name: 'link', bytes: '/etc', mode: 0o120777 },
      { name: `${info}/METADATA`, bytes: built.metadata },
      { name: `${info}/WHEEL`, bytes: 'Wheel-Version: 1.0\nTag: py3-none-any\n' },
      { name: `${info}/RECORD`, bytes: '' },
    ])
    await assertRefused(shop, { ...built, bytes }, 'symlink', 'link')
  })

  it('it is no zip', async () => {
    await using shop = await workshop()
    await assertRefused(
      shop,
      { ...wheel('demo', '1.0').build(), bytes: Buffer.from('<html>') },
      'not-a-zip',
    )
  })
})

describe('a wheel is taken with a warning when', () => {
  it('RECORD has holes, which are filled', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0')
      .file('unlisted.py', '')
      .file('undigested.py', '')
      .file('weak.py', '')
      .editRecord(
        (text) =>
          `${text
            .replace(/^unlisted.*\n/m, '')
            .replace(/^undigested.*\n/m, 'undigested.py,,\n')
            .replace(/^weak.*\n/m, 'weak.py,md5=abc,0\n')}absent.py,,\n`,
      )
    const { manifest } = await shop.add(built.build())
    const warnings = shop.events.flatMap((event) =>
      event.type === 'wheel-warning' ? [event.message] : [],
    )
    assert.deepEqual(warnings, [
      'RECORD lists absent.py, which is not there.',
      'RECORD does not list unlisted.py.',
      'RECORD has no digest for undigested.py.',
      'RECORD has a digest for weak.py by md5, which proves nothing.',
    ])
    const rows = manifest.root.record.split('\n').filter((row) => row.includes('.py,sha256='))
    assert.equal(rows.length, 3)
  })

  it('it claims what only installers may say', async () => {
    await using shop = await workshop()
    const built = wheel('demo', '1.0')
      .distInfoFile('INSTALLER', 'pip')
      .distInfoFile('REQUESTED', '')
    const { manifest } = await shop.add(built.build())
    assert.deepEqual(
      manifest.root.paths.filter((path) => /INSTALLER|REQUESTED|RECORD/.test(path)),
      [],
    )
  })
})

async function assertRefused(
  shop: Workshop,
  built: BuiltDistribution,
  code: string,
  entry?: string,
) {
  await assert.rejects(shop.add(built), (error) => {
    assert.ok(error instanceof InvalidWheel, String(error))
    assert.equal(error.code, code)
    assert.match(error.message, /^The wheel demo-1\.0|^The wheel large-2\.0/)
    if (entry !== undefined) {
      assert.equal(error.entry, entry)
      assert.ok(error.message.includes(entry), error.message)
    }
    return true
  })
  assert.deepEqual(readdirSync(shop.cacheFolder.join('tmp')), [])
}
