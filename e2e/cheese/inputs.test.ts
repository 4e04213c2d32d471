import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { writeProject } from '../kit/project-folder.ts'
import { publish } from '../kit/publish.ts'
import { mustSucceed } from '../kit/publishing.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const colour = wheel('colour', '1.0').file('colour.py', '')
const machines = ['manylinux_2_17_x86_64', 'macosx_11_0_arm64', 'win_amd64']
const fast = [311, 312].flatMap((python) =>
  machines.map((machine) =>
    wheel('fast', '1.0')
      .tag(`cp${python}-cp${python}-${machine}`)
      .requires('colour')
      .requires('only-windows; sys_platform == "win32"')
      .requires('only-old; python_version < "3.12"')
      .file('fast.py', ''),
  ),
)
const pure = (name: string, version: string) =>
  wheel(name, version).file(`${name.replaceAll('-', '_')}.py`, '')

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    colour,
    ...fast,
    pure('only-windows', '1.0'),
    pure('only-old', '1.0'),
    pure('tester', '1.0'),
    pure('tester', '2.0'),
    pure('linter', '1.0'),
    wheel('app', '1.0').requires('colour').requires('linter').file('app.py', ''),
  ])
})
const cheese = new Cheese(session)

const groups = `[dependency-groups]
test = ["tester<2", { include-group = "Lint" }]
lint = ["linter"]
`

test('dependency groups of a project are installed by their names', async () => {
  await session.desk.write('project/pyproject.toml', groups)
  const { env } = await cheese.makeEnvironment('groups')
  const cwd = session.desk.join('project')
  const own = await cheese.run(['install', '--group', 'test'], { env, cwd })
  assert.match(own.output, /\n\+ linter 1\.0\n\+ tester 1\.0\n$/)
  const other = await cheese.run(['install', '--group', 'project/pyproject.toml:lint'], { env })
  assert.equal(other.output, 'Already satisfied: linter 1.0\n')
  const absent = await cheese.run(['install', '--group', 'docs'], { env, cwd })
  assert.equal(absent.code, 1)
  assert.equal(
    absent.output,
    'error: pyproject.toml: The dependency group "docs" does not exist.\n\nhint: it has test, lint\n',
  )
  const odd = await cheese.run(['install', '--group', 'project/setup.cfg:docs'], { env })
  assert.match(odd.output, /--group "project\/setup\.cfg:docs" is not NAME, and not PATH:NAME/)
})

test('what a script asks for is installed, for the Python that it asks for', async () => {
  const script = (python: string) =>
    `# /// script\n# requires-python = "${python}"\n# dependencies = ["tester>1"]\n# ///\n`
  await session.desk.write('script.py', script('>=3.8'))
  await session.desk.write('future.py', script('>=4'))
  await session.desk.write('plain.py', 'print()\n')
  const { env } = await cheese.makeEnvironment('scripted')
  const install = (name: string) =>
    cheese.run(['install', '--requirements-from-script', name], { env })
  assert.match((await install('script.py')).output, /\n\+ tester 2\.0\n$/)
  assert.match((await install('future.py')).output, /^error: future\.py requires Python >=4, and/)
  assert.match(
    (await install('plain.py')).output,
    /^error: plain\.py has no "# \/\/\/ script" block/,
  )
})

test('only what is required is installed, without who requires it', async () => {
  const { env } = await cheese.makeEnvironment('only-deps')
  const { output } = await cheese.run(['install', '--only-deps', 'app'], { env })
  assert.match(output, /\n\+ colour 1\.0\n\+ linter 1\.0\n$/)
  const both = await cheese.run(['install', '--only-deps', '--no-deps', 'app'], { env })
  assert.equal(both.output, 'error: --only-deps and --no-deps exclude each other\n')
})

test('a lock is printed as JSON beside whichever file it is written to', async () => {
  const cwd = session.desk.join('as-json')
  await session.desk.write('as-json/none', '')
  for (const output of ['-', 'pylock.toml', 'requirements.txt']) {
    const args = ['lock', 'app', '--format', 'json', '-q', '-o', output]
    const { stdout } = await mustSucceed(cheese.run(args, { cwd }))
    const lock = JSON.parse(stdout)
    assert.equal(lock['lock-version'], '1.0')
    const pins = lock.packages.map((each: Record<string, string>) => `${each.name} ${each.version}`)
    assert.deepEqual(pins, ['app 1.0', 'colour 1.0', 'linter 1.0'])
  }
  assert.match(await readFile(join(cwd, 'pylock.toml'), 'utf8'), /^lock-version = "1\.0"$/m)
  assert.match(await readFile(join(cwd, 'requirements.txt'), 'utf8'), /^app==1\.0$/m)
})

test('files of requirements, constraints and locks are read from a server', async () => {
  const cwd = session.desk.join('served')
  await session.desk.write('served/none', '')
  await mustSucceed(cheese.run(['lock', 'app', '-o', 'pylock.toml'], { cwd }))
  const files: Record<string, string> = {
    '/lists/all.txt': '-r more.txt\n-c ../narrow.txt\nlinter\n',
    '/lists/more.txt': 'tester\n',
    '/narrow.txt': 'tester<2\n',
    '/pylock.toml': await readFile(session.desk.join('served/pylock.toml'), 'utf8'),
    '/evil.txt': '-e ./project\n',
    '/links.txt': '--find-links ./project\n',
    '/repository.txt': 'demo @ git+file:///srv/demo\n',
    '/pylock.evil.toml':
      'lock-version = "1.0"\ncreated-by = "evil"\npackages = [{ name = "colour", directory = { path = "file:///etc" } }]\n',
  }
  const server = createServer(({ url = '' }, response) => {
    const text = files[url]
    response.writeHead(text === undefined ? 404 : 200).end(text)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  try {
    const { env } = await cheese.makeEnvironment('served-env')
    const listed = await cheese.run(['install', '-r', `${at}/lists/all.txt`], { env })
    assert.match(listed.output, /\n\+ linter 1\.0\n\+ tester 1\.0\n$/)
    const locked = await cheese.run(['sync', `${at}/pylock.toml`], { env })
    assert.match(locked.output, /\n\+ app 1\.0\n\+ colour 1\.0\n- tester 1\.0\n$/)
    for (const name of ['evil.txt', 'links.txt', 'repository.txt', 'pylock.evil.toml']) {
      const evil = await cheese.run(['install', '-r', `${at}/${name}`], { env })
      assert.equal(evil.code, 1)
      assert.match(evil.output, /(a server may not ask for it|from a server may not ask for it)$/m)
    }
    const absent = await cheese.run(['install', '-r', `${at}/absent.txt`], { env })
    assert.equal(absent.code, 1)
    assert.match(absent.output, /404/)
  } finally {
    server.close()
  }
})

test('a lock is installed by its hashes, with the extras and groups that are asked for', async () => {
  const sha256 = hash('sha256', colour.build().bytes)
  const filename = colour.build().filename
  await session.desk.write(`locked/${filename}`, colour.build().bytes)
  const lock = (digest: string) => `lock-version = "1.0"
created-by = "a test"
extras = ["paint"]
dependency-groups = ["dev"]
packages = [
  { name = "colour", version = "1.0", marker = "'paint' in extras or 'dev' in dependency_groups", wheels = [
    { path = "${filename}", hashes = { sha256 = "${digest}" } },
  ] },
]
`
  await session.desk.write('locked/pylock.toml', lock(sha256))
  await session.desk.write('locked/pylock.wrong.toml', lock('0'.repeat(64)))
  const { env } = await cheese.makeEnvironment('by-lock')
  const install = (...words: string[]) => cheese.run(['install', ...words], { env })
  assert.match((await install('-r', 'locked/pylock.toml')).output, /^Nothing to do/)
  const wrong = await install('-r', 'locked/pylock.wrong.toml[paint]')
  assert.equal(wrong.code, 1)
  assert.match(wrong.output, new RegExp(sha256))
  const built = await install('-r', 'locked/pylock.toml[paint]', '--no-binary', 'colour')
  assert.equal(built.code, 1)
  assert.match(built.output, /The lock file has no wheel of colour that fits/)
  const extra = await install('-r', 'locked/pylock.toml[paint]')
  assert.match(extra.output, /\n\+ colour 1\.0\n$/)
  await mustSucceed(cheese.run(['uninstall', '-y', 'colour'], { env }))
  assert.match((await install('--group', 'locked/pylock.toml:dev')).output, /\n\+ colour 1\.0\n$/)
  assert.equal(
    (await install('-r', 'locked/pylock.toml[none]')).output,
    'error: locked/pylock.toml is a lock without the extra none\n',
  )
  const beside = await install('-r', 'locked/pylock.toml', 'tester')
  assert.match(beside.output, /^error: locked\/pylock\.toml is a lock, and says by itself/)
})

test('a constraint may name a URL, settings and hashes', async () => {
  await writeProject(session.desk, 'fixed/colour', { name: 'colour', version: '7' })
  const colourFolder = session.desk.join('fixed/colour')
  await session.desk.write('fixed/narrow.txt', `colour @ file://${colourFolder}\n`)
  const { env } = await cheese.makeEnvironment('constrained')
  const { output } = await cheese.run(['install', 'app', '-c', 'fixed/narrow.txt'], { env })
  assert.match(output, /^\+ colour 7 \(from file:\/\/HOME\/fixed\/colour\)$/m)
  // Its name is known only when it is built, and that is when the settings count.
  const builds = 'requires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
  await session.desk.write('fixed/colour/pyproject.toml', `[build-system]\n${builds}`)
  const line = './fixed/colour --config-settings mode=fast\n'
  await session.desk.write('fixed/set.txt', line)
  const { folder, env: other } = await cheese.makeEnvironment('set')
  await mustSucceed(cheese.run(['install', '-r', 'fixed/set.txt', '-C', 'level=3'], { env: other }))
  const program = 'import colour; print(colour.settings)'
  const { stdout } = await mustRun(join(folder, 'bin/python'), ['-c', program])
  assert.equal(stdout, "{'level': '3', 'mode': 'fast'}\n")
  const { bytes } = wheel('app', '1.0')
    .requires('colour')
    .requires('linter')
    .file('app.py', '')
    .build()
  await session.desk.write('fixed/hashes.txt', `app==1.0 --hash=sha256:${hash('sha256', bytes)}\n`)
  const hashed = await cheese.run(['install', 'app', '--no-deps', '-c', 'fixed/hashes.txt'], {
    env: other,
  })
  assert.match(hashed.output, /\n\+ app 1\.0\n/)
  await session.desk.write('fixed/wrong.txt', `app --hash=sha256:${'0'.repeat(64)}\n`)
  const wrong = await cheese.run(
    ['install', 'app', '--force-reinstall', '--no-deps', '-c', 'fixed/wrong.txt'],
    { env: other },
  )
  assert.match(wrong.output, /has no file with a hash that is allowed/)
  await session.desk.write('fixed/bare.txt', '-e ./fixed/colour\n')
  const bare = await cheese.run(['install', 'app', '-c', 'fixed/bare.txt'], { env })
  assert.match(bare.output, /fixed\/bare\.txt, line 1: .*a constraint needs one/)
})

test('files for many platforms and Pythons are downloaded at once, each once', async () => {
  const targets = ['linux', 'macos', 'windows'].flatMap((name) => ['--python-platform', name])
  const versions = ['3.11', '3.12'].flatMap((version) => ['--python-version', version])
  const args = ['download', 'fast', ...targets, ...versions, '-d', 'many']
  const { output } = await mustSucceed(cheese.run(args))
  assert.match(output, /^For Python 3\.11 on linux:\nResolved 3 projects in TIME\nFor Python 3\.12/)
  assert.deepEqual(
    (await readdir(session.desk.join('many'))).sort(),
    [
      basename(colour.build().filename),
      ...fast.map((each) => each.build().filename),
      'only_old-1.0-py3-none-any.whl',
      'only_windows-1.0-py3-none-any.whl',
    ].sort(),
  )
})

test('wheels for another machine are installed into a folder, and nowhere else', async () => {
  const { env } = await cheese.makeEnvironment('elsewhere')
  const other = ['fast', '--platform', 'win_amd64', '--python-version', '312']
  const onlyWheels = ['--only-binary', ':all:']
  const loose = await cheese.run(['install', ...other, '--target', 'there'], { env })
  assert.match(loose.output, /^error: for another machine or Python only wheels can be chosen/)
  const inside = await cheese.run(['install', ...other, ...onlyWheels], { env })
  assert.match(inside.output, /can only be installed with --target or tried with --dry-run/)
  const args = ['install', ...other, ...onlyWheels, '--target', 'there']
  const { output } = await cheese.run(args, { env })
  assert.match(output, /\n\+ colour 1\.0\n\+ fast 1\.0\n\+ only-windows 1\.0\n$/)
  const text = await readFile(session.desk.join('there/fast-1.0.dist-info/WHEEL'), 'utf8')
  assert.match(text, /^Tag: cp312-cp312-win_amd64$/m)
  assert.equal((await cheese.run(['list'], { env })).output, '')
})
