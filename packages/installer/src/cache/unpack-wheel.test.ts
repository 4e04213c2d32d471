import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { describe, it } from 'node:test'
import { writeTarZst, writeZip } from '@cheeseshop/archive'
import { type WheelBuilder, wheel } from '@cheeseshop/testing'
import { workshop } from '../workshop.fixture.ts'
import { assertRefused } from './refused-wheel.fixture.ts'

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

  const clashes = [
    ['a', 'a/b'],
    ['a/b', 'a'],
    ['a', 'a/b/c'],
  ] as const
  for (const [first, second] of clashes) {
    it(`its twin has the files ${first} and ${second}`, async () => {
      await using shop = await workshop()
      const { filename } = demo().build()
      const source = await twinOf([first, second])
      const adding = shop.cache.add({ filename, source, isTwin: true })
      await assert.rejects(adding, { name: 'InvalidWheel', code: 'name-clash', entry: second })
      assert.deepEqual(readdirSync(shop.cacheFolder.join('tmp')), [])
    })
  }

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

/** The twin of a wheel with these files, which are empty. */
async function twinOf(names: readonly string[]): Promise<Uint8Array> {
  const info = 'demo-1.0.dist-info'
  const files = new Map([
    [`${info}/METADATA`, 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n'],
    [`${info}/WHEEL`, 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'],
    ...names.map((name) => [name, ''] as const),
  ])
  const rows = [...files].map(([path, text]) => {
    return `${path},sha256=${createHash('sha256').update(text).digest('base64url')},${text.length}`
  })
  const record = [...rows, `${info}/RECORD,,\n`].join('\n')
  const members = [[`${info}/RECORD`, record] as const, ...files].map(([name, text]) => {
    return { name, size: text.length, chunks: [Buffer.from(text)] }
  })
  return new Uint8Array(Buffer.concat(await Array.fromAsync(writeTarZst(members, 3))))
}
