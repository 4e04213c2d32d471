import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { openEnvironment } from './environment/environment.ts'
import { InstalledProjects } from './environment/installed-projects.ts'
import { CannotUninstall } from './uninstall/owned-files.ts'
import { filesOf } from './uninstall.ts'
import { type Workshop, workshop } from './workshop.fixture.ts'

describe('removing a project', () => {
  it('touches nothing outside of the environment, nor the interpreter, whatever RECORD says', async () => {
    await using shop = await workshop()
    put(shop, {
      'demo-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
      'demo-1.0.dist-info/RECORD':
        'demo.py,,\n/precious,,\n../../../../precious,,\n../../../bin/python3,,\n../../../bin/demo,,\n../../../pyvenv.cfg,,\n',
      'demo.py': '',
      '../../../../precious': '',
      '../../../bin/python3': '',
      '../../../bin/demo': '',
      '../../../pyvenv.cfg': '',
    })
    await shop.remove('demo')
    const site = 'lib/python3.12/site-packages'
    const left = Object.keys(shop.tree()).filter((path) => !path.endsWith('/'))
    assert.deepEqual(left, ['bin/python3', 'pyvenv.cfg'])
    assert.equal(readFileSync(join(shop.path, 'precious'), 'utf8'), '')
    assert.deepEqual(shop.tree()[`${site}/`], '')
    const warnings = shop.events.flatMap((event) =>
      event.type === 'install-warning' ? [event.message] : [],
    )
    assert.equal(warnings.length, 4)
    assert.match(
      warnings[0]!,
      /demo lists \/precious, which is no file of this environment: it stays/,
    )
  })

  it('takes compiled files along, and leaves what others put into its folders', async () => {
    await using shop = await workshop()
    await shop.install([
      wheel('demo', '1.0').file('demo/a.py', '').file('demo/sub/b.py', '').build(),
    ])
    put(shop, {
      'demo/__pycache__/a.cpython-312.pyc': '',
      'demo/__pycache__/a.cpython-39.opt-1.pyc': '',
      'demo/__pycache__/long_gone.cpython-39.pyc': '',
      'demo/__pycache__/mine.cpython-312.pyc': '',
      'demo/mine.py': '',
      'demo/sub/__pycache__/b.cpython-312.pyc': '',
    })
    await shop.remove('demo')
    const left = Object.keys(shop.tree()).filter((path) => path.includes('/demo/'))
    const folder = 'lib/python3.12/site-packages/demo'
    assert.deepEqual(left, [
      `${folder}/`,
      `${folder}/__pycache__/`,
      `${folder}/__pycache__/mine.cpython-312.pyc`,
      `${folder}/mine.py`,
    ])
  })

  it('does not follow links to folders', async () => {
    await using shop = await workshop()
    put(shop, {
      'demo-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: demo\nVersion: 1.0\n',
      'demo-1.0.dist-info/RECORD': 'demo/a.py,,\n',
      '../../../../precious/a.py': '',
    })
    symlinkSync(join(shop.path, 'precious'), join(shop.environment.scheme.purelib, 'demo'))
    await shop.remove('demo')
    assert.equal(readFileSync(join(shop.path, 'precious', 'a.py'), 'utf8'), '')
  })

  it('is refused with a sentence when nothing lists its files', async () => {
    await using shop = await workshop()
    put(shop, {
      'bare-1.0.dist-info/METADATA': 'Metadata-Version: 2.1\nName: bare\nVersion: 1.0\n',
      'bare-1.0.dist-info/INSTALLER': 'apt\n',
      'broken-1.0.dist-info/RECORD': 'a.py,nonsense,\n',
      'distutils_made-1.0.egg-info': 'Metadata-Version: 1.0\nName: distutils-made\nVersion: 1.0\n',
    })
    const before = shop.tree()
    await assert.rejects(shop.remove('bare'), (error) => {
      assert.ok(error instanceof CannotUninstall)
      assert.match(error.message, /^bare 1\.0 cannot be removed: .*no RECORD.*put there by apt/)
      return true
    })
    await assert.rejects(
      shop.remove('broken'),
      /broken 1\.0 cannot be removed: .*no RECORD that can be read/,
    )
    await assert.rejects(shop.remove('distutils-made'), /distutils installed it/)
    assert.deepEqual(shop.tree(), before)
  })

  it('is refused where the environment only looks', async () => {
    await using shop = await workshop()
    await shop.install([wheel('demo', '1.0').build()])
    const [project] = InstalledProjects.read(shop.environment).projects
    const other = openEnvironment(shop.interpreter, { target: join(shop.path, 'elsewhere') })
    assert.throws(
      () => filesOf(project!, other),
      /demo 1\.0 cannot be removed: it lies in .*outside of the environment/,
    )
  })

  it('of setuptools follows installed-files.txt or top_level.txt, names only', async () => {
    await using shop = await workshop()
    const before = shop.tree()
    put(shop, {
      'listed-1.0-py3.12.egg-info/PKG-INFO': 'Name: listed\nVersion: 1.0\n',
      'listed-1.0-py3.12.egg-info/installed-files.txt': '../listed.py\nPKG-INFO\n',
      'listed.py': '',
      'top.egg-info/PKG-INFO': 'Name: top\nVersion: 1.0\n',
      'top.egg-info/top_level.txt': 'top\nsingle\nspace\n../../../..\n',
      'top.egg-info/namespace_packages.txt': 'space\n',
      'top/a/b.py': '',
      'single.py': '',
      'space/theirs.py': '',
    })
    assert.deepEqual(shop.installed(), ['listed 1.0', 'top 1.0'])
    await shop.remove('listed', 'top')
    const site = 'lib/python3.12/site-packages'
    assert.deepEqual(shop.tree(), {
      ...before,
      [`${site}/space/`]: '',
      [`${site}/space/theirs.py`]: '',
    })
  })

  it('that is only linked to leaves the sources, and the lines of others in easy-install.pth', async () => {
    await using shop = await workshop()
    const sources = join(shop.path, 'sources')
    put(shop, {
      '../../../../sources/my_demo.egg-info/PKG-INFO': 'Name: my-demo\nVersion: 1.0\n',
      'my-demo.egg-link': `${sources}\n.`,
      'easy-install.pth': `/other\n${sources}\n/another\n`,
    })
    const [project] = InstalledProjects.read(shop.environment).projects
    assert.equal(project?.isEditable, true)
    await shop.remove('my-demo')
    assert.deepEqual(shop.installed(), [])
    const site = 'lib/python3.12/site-packages'
    assert.equal(shop.tree()[`${site}/easy-install.pth`], '/other\n/another\n')
    assert.ok(readFileSync(join(sources, 'my_demo.egg-info/PKG-INFO'), 'utf8'))
  })
})

/** Files by their path from site-packages. */
function put(shop: Workshop, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(shop.environment.scheme.purelib, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
