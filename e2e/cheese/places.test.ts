import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { findPython } from '../clients/python.ts'
import { publish } from '../kit/publish.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const demo = wheel('demo', '1.0')
  .requires('parts')
  .file('demo/__init__.py', "def main():\n    print('demo')\n")
  .file('demo-1.0.data/data/share/demo.txt', 'data\n')
  .file('demo-1.0.data/headers/demo.h', '/* header */\n')
  .entryPoints('[console_scripts]\ndemo = demo:main\n')

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [demo, wheel('parts', '1.0').file('parts.py', 'x = 1\n')])
})
const cheese = new Cheese(session)

/** Every file below, without those of metadata. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((each) => each.isFile() && !each.parentPath.includes('.dist-info'))
    .map((each) => join(each.parentPath, each.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('.cheese'))
    .sort()
}

const summary = `Resolved 2 projects in TIME
Prepared 2 wheels in TIME
Installed 2 projects in TIME
+ demo 1.0
+ parts 1.0
`

test('--target holds modules directly, for PYTHONPATH', async () => {
  const { env } = await cheese.makeEnvironment('of-target')
  const args = ['install', 'demo', '--target', 'vendor']
  assert.equal((await cheese.run(args, { env })).output, summary)
  const folder = session.desk.join('vendor')
  const header = 'include/python/demo/demo.h'
  assert.deepEqual(await filesIn(folder), [
    'bin/demo',
    'demo/__init__.py',
    header,
    'parts.py',
    'share/demo.txt',
  ])
  const python = (await findPython()).path
  const ran = await mustRun(join(folder, 'bin/demo'), [], {
    env: { PYTHONPATH: folder, PATH: join(python, '..') },
  })
  assert.equal(ran.stdout, 'demo\n')
  assert.equal((await cheese.run(args, { env })).output, 'Already satisfied: demo 1.0\n')
  assert.equal((await cheese.run(['list'], { env })).output, '')
  const listed = await cheese.run(['list', '--path', 'vendor', '--format', 'freeze'], { env })
  assert.equal(listed.stdout, 'demo==1.0\nparts==1.0\n')
  const removed = await cheese.run(['uninstall', '-y', '--target', 'vendor', 'demo', 'parts'], {
    env,
  })
  assert.equal(removed.output, '- demo 1.0\n- parts 1.0\n')
  assert.deepEqual(await filesIn(folder), [])
})

test('--prefix and --root install as if the folder were the environment, or the file system', async () => {
  const { folder: environment, env } = await cheese.makeEnvironment('of-prefix')
  const prefixed = await cheese.run(['install', 'demo', '--prefix', 'tree'], { env })
  assert.equal(prefixed.output, summary)
  const rooted = await cheese.run(['install', 'demo', '--root', 'image'], { env })
  assert.equal(rooted.output, summary)
  const within = await filesIn(session.desk.join('tree'))
  assert.deepEqual(await filesIn(join(session.desk.join('image'), environment)), within)
  assert.equal(within.length, 5)
  assert.ok(within.includes('bin/demo') && within.includes('share/demo.txt'))
  const launcher = await readFile(join(session.desk.join('image'), environment, 'bin/demo'), 'utf8')
  assert.ok(launcher.startsWith(`#!${environment}/bin/python`), 'the root is in no shebang')
  assert.equal((await cheese.run(['list'], { env })).output, '')
  const both = await cheese.run(['install', 'demo', '--prefix', 'a', '--target', 'b'], { env })
  assert.equal(both.code, 1)
  assert.match(both.output, /^error: --prefix and --target exclude each other/)
})

test("--user installs into the user's own folder, and is refused where nobody looks there", async () => {
  const PYTHONUSERBASE = session.desk.join('user-base')
  const python = (await findPython()).path
  const args = ['install', '--user', '--break-system-packages', '--python', python]
  // Of this machine's Python only what lies in that folder changes.
  const env = { PYTHONUSERBASE, CHEESE_REQUIRE_VIRTUALENV: '0' }
  const { output } = await cheese.run([...args, 'demo'], { env })
  assert.equal(output, summary)
  const files = await filesIn(PYTHONUSERBASE)
  assert.ok(
    files.includes('bin/demo') && files.some((path) => /site-packages\/parts\.py$/.test(path)),
  )
  const found = await mustRun(python, ['-c', 'import parts; print(parts.__file__)'], {
    env: { PYTHONUSERBASE, HOME: session.desk.folder },
  })
  assert.ok(found.stdout.startsWith(PYTHONUSERBASE))
  const { env: ofUser } = await cheese.makeEnvironment('of-user')
  const refused = await cheese.run(['install', '--user', 'demo'], { env: ofUser })
  assert.equal(refused.code, 1)
  assert.match(
    refused.output,
    /^error: --user installs where the virtual environment .* does not look/,
  )
})

test('files are linked or copied as is asked for, and compiled when that is asked for', async () => {
  for (const [mode, links] of [
    ['hardlink', 2],
    ['copy', 1],
  ] as const) {
    const { folder, env } = await cheese.makeEnvironment(`by-${mode}`)
    const args = ['install', 'demo', '--link-mode', mode, '--compile']
    assert.equal((await cheese.run(args, { env })).output, summary)
    // Not from the environment's root: lib64 leads to the same files.
    const library = join(folder, 'lib')
    const installed = await filesIn(library)
    const module = installed.find((path) => path.endsWith('demo/__init__.py'))!
    const { nlink } = statSync(join(library, module))
    assert.ok(links === 1 ? nlink === 1 : nlink >= links, `${mode}: ${nlink} links`)
    assert.equal(installed.filter((path) => path.endsWith('.pyc')).length, 2)
    await cheese.run(['uninstall', '-y', 'demo', 'parts'], { env })
    const left = (await filesIn(library)).filter((path) => /demo|parts/.test(path))
    assert.deepEqual(left, [])
  }
})
