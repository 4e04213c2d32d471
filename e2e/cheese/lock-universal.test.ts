/** One lock for every platform and Python: what it says, and that it installs what it says. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { parsePylock } from '@cheeseshop/packaging'
import { wheel } from '@cheeseshop/testing'
import { publish } from '../kit/publish.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    wheel('app', '1.0')
      .requires('reader>=2; python_version >= "3.10"', 'reader<2; python_version < "3.10"')
      .requires('winconsole; sys_platform == "win32"', 'speedups; platform_machine == "x86_64"')
      .file('app.py', ''),
    wheel('reader', '1.0').file('reader.py', ''),
    wheel('reader', '2.0').requiresPython('>=3.10').file('reader.py', ''),
    wheel('reader', '2.1').requiresPython('>=3.10').file('reader.py', ''),
    wheel('winconsole', '1.0').file('winconsole.py', ''),
    ...['manylinux_2_28_x86_64', 'macosx_11_0_arm64', 'win_amd64'].map((platform) =>
      wheel('speedups', '1.0').tag(`cp39-abi3-${platform}`).file('speedups.py', ''),
    ),
  ])
})
const cheese = new Cheese(session)

async function lock(words: string[], output: string): Promise<string> {
  const all = ['lock', '--universal', '--python-version', '3.9', ...words, '-o', output]
  const { code, output: said } = await cheese.run(all)
  assert.equal(code, 0, said)
  return readFile(session.desk.join(output), 'utf8')
}

test('requirements.txt says of each version where it is needed', async () => {
  assert.equal(
    await lock(['app'], 'requirements.txt'),
    `# Made by cheese lock.
app==1.0
    # via the command line
reader==1.0 ; python_version == "3.9"
    # via app
reader==2.1 ; python_version >= "3.10"
    # via app
speedups==1.0 ; platform_machine == "x86_64"
    # via app
winconsole==1.0 ; sys_platform == "win32"
    # via app
`,
  )
})

test('pylock.toml has the files for each environment, stays as it is, and installs what is for here', async () => {
  const text = await lock(['app'], 'pylock.toml')
  const { packages, requiresPython } = parsePylock(text)
  assert.equal(`${requiresPython}`, '>=3.9')
  const described = packages.map(({ name, version, marker, wheels = [] }) => {
    const platforms = wheels.map((file) => file.name!.slice(0, -4).split('-').at(-1))
    return `${name} ${version} ${marker ?? 'everywhere'}: ${platforms.sort().join(' ')}`
  })
  assert.deepEqual(described, [
    'app 1.0 everywhere: any',
    'reader 1.0 python_version == "3.9": any',
    'reader 2.1 python_version >= "3.10": any',
    // Of the others none is for a machine that the marker names; that of Windows calls it AMD64.
    'speedups 1.0 platform_machine == "x86_64": manylinux_2_28_x86_64',
    'winconsole 1.0 sys_platform == "win32": any',
  ])
  const { folder, env } = await cheese.makeEnvironment('locked')
  const { output } = await cheese.run(['sync', 'pylock.toml'], { env })
  assert.match(output, /\n\+ app 1\.0\n\+ reader 2\.1\n(\+ speedups 1\.0\n)?$/, output)
  const args: [string, ...string[]] = [
    'uv',
    'pip',
    'install',
    '--dry-run',
    '--python',
    folder,
    '--preview',
    '-r',
    'pylock.toml',
  ]
  const uv = await session.desk.run('uv', args)
  assert.match(uv.output, /Would make no changes|Audited/, uv.output)
  // Newer versions do not change a lock that still fits; asked for, they do.
  await publish(session.desk, session.server, [
    wheel('reader', '2.2').requiresPython('>=3.10').file('reader.py', ''),
  ])
  const env2 = { CHEESE_NO_CACHE_DIR: '1' }
  await cheese.run(['lock', '--universal', '--python-version', '3.9', 'app'], { env: env2 })
  assert.equal(await readFile(session.desk.join('pylock.toml'), 'utf8'), text)
  assert.match(await lock(['app', '-U', '--no-cache-dir'], 'pylock.toml'), /version = "2\.2"/)
})

test('environments limit the lock, and what has no file for one that must have one is no solution', async () => {
  const linux = ['--environment', 'sys_platform == "linux" and platform_machine == "x86_64"']
  assert.equal(
    await lock(['speedups', 'winconsole; sys_platform == "win32"', ...linux], 'linux.txt'),
    '# Made by cheese lock.\nspeedups==1.0\n    # via the command line\n',
  )
  const required = [
    '--required-environment',
    'sys_platform == "darwin" and platform_machine == "x86_64"',
  ]
  const failed = await cheese.run(['lock', '--universal', 'speedups', ...required, '-o', '-'])
  assert.equal(failed.code, 1)
  assert.match(failed.output, /has no wheel for .*darwin/)
  const wrong = await cheese.run([
    'lock',
    '--universal',
    'speedups',
    '--environment',
    'linux',
    '-o',
    '-',
  ])
  assert.match(wrong.output, /--environment linux is no marker\n\nhint: write it as in/)
  const old = ['--environment', 'python_version < "3"']
  const nowhere = await cheese.run(['lock', '--universal', 'speedups', ...old, '-o', '-'])
  assert.equal(nowhere.code, 1)
  assert.equal(
    nowhere.output,
    `error: The environments named and the Pythons asked for leave nothing to answer for

hint: --environment names the environments to lock for
`,
  )
})
