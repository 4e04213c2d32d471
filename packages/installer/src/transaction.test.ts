import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { ConflictingFiles } from './transaction/conflicting-files.ts'
import { BlockedPath } from './transaction/planned-folders.ts'
import { type Workshop, workshop } from './workshop.fixture.ts'

const site = 'lib/python3.12/site-packages'

describe('installing', () => {
  it('puts every part of a wheel in its place, and all of it into RECORD', async () => {
    await using shop = await workshop()
    const demo = wheel('demo', '1.0')
      .file('demo/__init__.py', 'one = 1\n')
      .file('demo-1.0.data/scripts/run', '#!python -u\nprint(1)\n')
      .file('demo-1.0.data/scripts/plain', '#!/bin/sh\n')
      .file('demo-1.0.data/data/share/demo.txt', 'data')
      .file('demo-1.0.data/headers/demo.h', 'int one;')
      .entryPoints('[console_scripts]\ndemo = demo.cli:App.run [fast]\n')
    const item = {
      wheel: await shop.add(demo.build()),
      isRequested: true,
      directUrl: { url: 'https://user:secret@example.org/demo.whl', archiveInfo: {} },
    }
    await shop.install([item])

    const python = shop.interpreter.executable
    const tree = shop.tree()
    const { [`${site}/demo-1.0.dist-info/RECORD`]: record, ...others } = tree
    const info = `${site}/demo-1.0.dist-info`
    assert.deepEqual(others, {
      'bin/': '',
      'bin/demo': `*#!${python}\nimport sys\nfrom demo.cli import App\nif __name__ == '__main__':\n    sys.exit(App.run())\n`,
      'bin/plain': '*#!/bin/sh\n',
      'bin/run': `*#!${python}\nprint(1)\n`,
      'include/': '',
      'include/site/': '',
      'include/site/python3.12/': '',
      'include/site/python3.12/demo/': '',
      'include/site/python3.12/demo/demo.h': 'int one;',
      'lib/': '',
      'lib/python3.12/': '',
      [`${site}/`]: '',
      [`${site}/demo/`]: '',
      [`${site}/demo/__init__.py`]: 'one = 1\n',
      [`${info}/`]: '',
      [`${info}/INSTALLER`]: 'cheese\n',
      [`${info}/METADATA`]: tree[`${info}/METADATA`]!,
      [`${info}/REQUESTED`]: '',
      [`${info}/WHEEL`]: tree[`${info}/WHEEL`]!,
      [`${info}/direct_url.json`]: '{"url":"https://example.org/demo.whl","archive_info":{}}',
      [`${info}/entry_points.txt`]: tree[`${info}/entry_points.txt`]!,
      'share/': '',
      'share/demo.txt': 'data',
    })
    assert.deepEqual(record!.trim().split('\n').sort(), recordOf(tree, 'demo-1.0.dist-info/RECORD'))
  })

  it('links what it can, so that a file exists once', async () => {
    await using shop = await workshop()
    const added = await shop.add(wheel('demo', '1.0').file('demo.py', 'pass').build())
    await shop.install([{ wheel: added, isRequested: false }], { linkMode: 'hardlink' })
    const installed = statSync(join(shop.environment.scheme.purelib, 'demo.py'))
    assert.equal(installed.ino, statSync(join(added.tree, 'demo.py')).ino)
    assert.equal(shop.tree()[`${site}/demo-1.0.dist-info/REQUESTED`], undefined)
  })

  it('copies with the time of the source, by which compiled files know it', async () => {
    await using shop = await workshop()
    const added = await shop.add(wheel('demo', '1.0').file('demo.py', 'pass').build())
    await shop.install([{ wheel: added, isRequested: false }], { linkMode: 'copy' })
    const installed = statSync(join(shop.environment.scheme.purelib, 'demo.py'))
    const source = statSync(join(added.tree, 'demo.py'))
    assert.notEqual(installed.ino, source.ino)
    assert.equal(Math.round(installed.mtimeMs), Math.round(source.mtimeMs))
  })

  it('replaces one version by another, and leaves nothing of the old one', async () => {
    await using shop = await workshop()
    await shop.install([
      wheel('demo', '1.0').file('demo/old.py', '').file('demo/both.py', '1').build(),
    ])
    const compiled = join(shop.environment.scheme.purelib, 'demo', '__pycache__')
    mkdirSync(compiled)
    writeFileSync(join(compiled, 'old.cpython-312.pyc'), '')
    const next = wheel('demo', '2.0').file('demo/new.py', '').file('demo/both.py', '2')
    await shop.install([next.build()])
    const after = shop.tree()
    assert.deepEqual(shop.installed(), ['demo 2.0'])
    await using fresh = await workshop()
    await fresh.install([next.build()])
    assert.deepEqual(withoutPaths(after, shop), withoutPaths(fresh.tree(), fresh))
  })

  it('puts files of one wheel into folders of another, and into those that are there', async () => {
    await using shop = await workshop()
    mkdirSync(join(shop.environment.scheme.purelib, 'stray'))
    const one = wheel('one', '1.0')
      .file('one/inner/deep/__init__.py', '1')
      .file('space/one/a.py', '')
      .file('stray/one/b.py', '')
    const two = wheel('two', '1.0')
      .file('two-1.0.data/purelib/one/inner/more/two.py', '2')
      .file('two-1.0.data/platlib/one/inner/deep/two.py', '2')
      .file('space/two/a.py', '')
    await shop.install([one.build(), two.build()])
    const files = Object.keys(shop.tree()).filter((path) => !/dist-info|\/$/.test(path))
    assert.deepEqual(
      files.map((path) => path.slice(site.length + 1)),
      [
        'one/inner/deep/__init__.py',
        'one/inner/deep/two.py',
        'one/inner/more/two.py',
        'space/one/a.py',
        'space/two/a.py',
        'stray/one/b.py',
      ],
    )
  })

  it('removes what it installed, to the last folder', async () => {
    await using shop = await workshop()
    const before = shop.tree()
    await shop.install([
      wheel('demo', '1.0')
        .file('name/space/demo.py', '')
        .file('demo-1.0.data/data/share/man/demo.1', '')
        .file('demo-1.0.data/headers/demo.h', '')
        .entryPoints('[gui_scripts]\ndemo = demo:main\n')
        .build(),
      wheel('other', '1.0').file('name/space/other.py', '').build(),
    ])
    await shop.remove('demo')
    assert.equal(shop.tree()[`${site}/name/space/other.py`], '')
    assert.equal(shop.tree()[`${site}/name/space/demo.py`], undefined)
    await shop.remove('other')
    assert.deepEqual(shop.tree(), before)
  })
})

describe('conflicts', () => {
  it('between new wheels are found before anything is written', async () => {
    await using shop = await workshop()
    const before = shop.tree()
    const both = [
      wheel('one', '1.0').file('shared.py', '1').build(),
      wheel('two', '1.0').file('shared.py', '2').build(),
    ]
    await assert.rejects(shop.install(both), (error) => {
      assert.ok(error instanceof ConflictingFiles)
      const path = join(shop.environment.scheme.purelib, 'shared.py')
      assert.deepEqual(error.conflicts, [{ path, between: ['one', 'two'] }])
      assert.match(error.message, /shared\.py: one and two/)
      return true
    })
    assert.deepEqual(shop.tree(), before)
    await shop.install(both, { conflicts: 'overwrite' })
    assert.equal(shop.tree()[`${site}/shared.py`], '2')
  })

  it('with an installed project are found before anything is written', async () => {
    await using shop = await workshop()
    await shop.install([wheel('one', '1.0').file('shared.py', '1').build()])
    const before = shop.tree()
    const two = wheel('two', '1.0').file('shared.py', '2').build()
    await assert.rejects(shop.install([two]), /shared\.py: one and two/)
    assert.deepEqual(shop.tree(), before)
  })

  it('are none where files are equal, and such a file stays until the last owner goes', async () => {
    await using shop = await workshop()
    const sharing = (name: string) => wheel(name, '1.0').file('space/__init__.py', '').build()
    await shop.install([sharing('one'), sharing('two')])
    await shop.install([sharing('three')])
    await shop.remove('one', 'three')
    assert.equal(shop.tree()[`${site}/space/__init__.py`], '')
    await shop.remove('two')
    assert.equal(shop.tree()[`${site}/space/`], undefined)
  })

  it('with a file of nobody replace it, and say so', async () => {
    await using shop = await workshop()
    writeFileSync(join(shop.environment.scheme.purelib, 'demo.py'), 'stray')
    await shop.install([wheel('demo', '1.0').file('demo.py', 'new').build()])
    assert.equal(shop.tree()[`${site}/demo.py`], 'new')
    const warnings = shop.events.filter(({ type }) => type === 'install-warning')
    assert.match(JSON.stringify(warnings), /demo\.py was there and belonged to no project/)
  })

  it('of a file and a folder are refused', async () => {
    await using shop = await workshop()
    const before = shop.tree()
    const both = [
      wheel('one', '1.0').file('thing', '').build(),
      wheel('two', '1.0').file('thing/module.py', '').build(),
    ]
    await assert.rejects(shop.install(both), BlockedPath)
    mkdirSync(join(shop.environment.scheme.purelib, 'thing'))
    await assert.rejects(shop.install(both.slice(0, 1)), BlockedPath)
    rmSync(join(shop.environment.scheme.purelib, 'thing'), { recursive: true })
    writeFileSync(join(shop.environment.scheme.purelib, 'thing'), '')
    await assert.rejects(shop.install(both.slice(1)), BlockedPath)
    rmSync(join(shop.environment.scheme.purelib, 'thing'))
    assert.deepEqual(shop.tree(), before)
  })
})

describe('links in an environment', () => {
  it('are followed within it and not out of it, whether a package, data or a script comes that way', async () => {
    await using shop = await workshop()
    const { purelib, data } = shop.environment.scheme
    const outside = join(shop.path, 'outside')
    mkdirSync(outside)
    const cases: [string, string][] = [
      [join(purelib, 'thing'), 'thing/__init__.py'],
      [join(purelib, 'thing'), 'thing/deep/er.py'],
      [join(data, 'share'), 'demo-1.0.data/data/share/x'],
      [join(data, 'share'), 'demo-1.0.data/data/share/deep/x'],
    ]
    for (const [link, file] of cases) {
      const demo = wheel('demo', '1.0').file(file, '').build()
      symlinkSync(outside, link)
      await assert.rejects(shop.install([demo]), BlockedPath, file)
      assert.deepEqual(readdirSync(outside), [], file)
      rmSync(link)
      mkdirSync(`${link}-real`, { recursive: true })
      symlinkSync(`${link}-real`, link)
      await shop.install([demo])
      await shop.remove('demo')
      rmSync(link)
    }
  })
})

/** The rows that RECORD should have, from the files themselves. */
function recordOf(tree: Record<string, string>, recordPath: string): string[] {
  return Object.entries(tree)
    .filter(([path]) => !path.endsWith('/'))
    .map(([path, content]) => {
      const inRecord = path.startsWith(`${site}/`)
        ? path.slice(site.length + 1)
        : `../../../${path}`
      if (inRecord === recordPath) return `${recordPath},,`
      const bytes = Buffer.from(content.replace(/^\*/, ''))
      const digest = createHash('sha256').update(bytes).digest('base64url')
      return `${inRecord},sha256=${digest},${bytes.length}`
    })
    .sort()
}

function withoutPaths(tree: Record<string, string>, shop: Workshop): string {
  return JSON.stringify(tree).replaceAll(shop.path, '')
}
