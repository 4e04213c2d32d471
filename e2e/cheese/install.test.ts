import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { mustRun } from '../../tools/run-command.ts'
import { withBackend } from '../kit/buildable.ts'
import { publish } from '../kit/publish.ts'
import { cheeseshop } from '../kit/server.ts'
import { useSession } from '../kit/session.ts'
import { yankRelease } from '../kit/yank-release.ts'
import { Cheese } from './cheese.ts'

const source = (version: string) => `version = '${version}'\n`
const parts = wheel('Demo.Parts', '0.3').file('demo_parts.py', source('0.3'))
const demo = (version: string) =>
  wheel('demo', version)
    .requires('demo-parts>=0.2')
    .requires('colour; extra == "colour"')
    .header('Provides-Extra', 'colour')
    .entryPoints('[console_scripts]\ndemo = demo:main\n')
    .file('demo.py', `${source(version)}def main():\n    print('demo', version)\n`)

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    parts,
    wheel('Demo.Parts', '0.1').file('demo_parts.py', source('0.1')),
    demo('1.4'),
    demo('1.5'),
    demo('1.6'),
    demo('2.0').requiresPython('>=4'),
    demo('3.0rc1'),
    wheel('colour', '1.0').file('colour.py', source('1.0')),
    wheel('needs-old', '1.0').requires('demo-parts<0.2').file('needs_old.py', ''),
    wheel('elsewhere', '1.0').tag('cp311-cp311-win_amd64').file('elsewhere.py', ''),
    withBackend(sdist('from-source', '1.0').file('from_source.py', source('1.0'))),
  ])
  await yankRelease(server, { project: 'demo', version: '1.6', reason: 'eats the cheese' })
})

const cheese = new Cheese(session)

test('installs the newest versions for this Python, and says what changed', async () => {
  const { folder, env } = await cheese.makeEnvironment('first')
  const { code, output, stdout } = await cheese.run(['install', 'Demo[colour]'], { env })
  assert.equal(
    output,
    `Resolved 3 projects in TIME
Prepared 3 wheels in TIME
Installed 3 projects in TIME
+ colour 1.0
+ demo 1.5
+ demo-parts 0.3
`,
  )
  assert.equal(stdout, '')
  assert.equal(code, 0)
  const ran = await mustRun(join(folder, 'bin', 'demo'), [])
  assert.equal(ran.stdout, 'demo 1.5\n')
  const again = await cheese.run(['install', 'demo[colour]>=1.4'], { env })
  assert.equal(again.output, 'Already satisfied: demo 1.5\n')
  const listed = await cheese.run(['list', '--format', 'json'], { env })
  assert.deepEqual(JSON.parse(listed.stdout), [
    { name: 'colour', version: '1.0' },
    { name: 'demo', version: '1.5' },
    { name: 'Demo.Parts', version: '0.3' },
  ])
})

test('downgrades, upgrades and uninstalls, leaving nothing behind', async () => {
  const { folder, env } = await cheese.makeEnvironment('changes')
  await cheese.run(['install', 'demo==1.4'], { env })
  const outdated = await cheese.run(['list', '--outdated'], { env })
  assert.equal(
    outdated.output,
    `Package Version Latest Type
------- ------- ------ -----
demo    1.4     1.5    wheel
`,
  )
  const upgraded = await cheese.run(['upgrade', '--all'], { env })
  assert.match(upgraded.output, /^~ demo 1\.4 -> 1\.5\n/m)
  const dry = await cheese.run(['uninstall', 'demo', '--dry-run'], { env })
  assert.equal(dry.output, 'Would change:\n- demo 1.5\n')
  const asked = await cheese.run(['uninstall', 'demo'], { env })
  assert.equal(asked.code, 1)
  assert.equal(
    asked.output,
    'error: demo 1.5 would be removed, and nobody can be asked\n\nhint: say --yes\n',
  )
  const removed = await cheese.run(['uninstall', '-y', 'demo', 'demo-parts', 'absent'], { env })
  assert.equal(removed.output, 'warning: absent is not installed\n- demo 1.5\n- demo-parts 0.3\n')
  const left = await mustRun('find', [join(folder, 'lib'), '-type', 'f'])
  assert.equal(left.stdout, '')
  assert.ok(!existsSync(join(folder, 'bin', 'demo')))
})

test('a dry run and a report change nothing', async () => {
  const { env } = await cheese.makeEnvironment('dry')
  const args = ['install', 'demo', '--dry-run', '--report', '-', '-q']
  const { code, stdout } = await cheese.run(args, { env })
  assert.equal(code, 0)
  const report = JSON.parse(stdout)
  assert.equal(report.version, '1')
  const found = report.install.map(
    (item: { metadata: { name: string; version: string }; requested: boolean }) => [
      item.metadata.name,
      item.metadata.version,
      item.requested,
    ],
  )
  assert.deepEqual(found, [
    ['demo', '1.5', true],
    ['Demo.Parts', '0.3', false],
  ])
  assert.equal((await cheese.run(['list'], { env })).output, '')
})

test('takes a yanked version only when it is asked for, and says why it was yanked', async () => {
  const { env } = await cheese.makeEnvironment('yanked')
  const { code, output } = await cheese.run(['install', 'demo==1.6'], { env })
  assert.equal(code, 0, output)
  assert.match(output, /^warning: demo 1\.6 is yanked: eats the cheese$/m)
})

test('explains what cannot be, and leaves the environment alone', async () => {
  const { env } = await cheese.makeEnvironment('impossible')
  const conflict = await cheese.run(['install', 'demo', 'needs-old'], { env })
  assert.equal(conflict.code, 1)
  assert.match(conflict.output, /^error: No versions satisfy all requirements\.$/m)
  assert.match(conflict.output, /demo-parts/)
  const missing = await cheese.run(['install', 'no-such-project'], { env })
  assert.equal(missing.code, 1)
  assert.match(missing.output, /no-such-project .*\(the command line\): .*no index has it/)
  const platform = await cheese.run(['install', 'elsewhere'], { env })
  assert.match(platform.output, /has no wheel for .* \(only for cp311 on win_amd64\)/)
  assert.equal((await cheese.run(['list'], { env })).output, '')
})

test('reads files of requirements, constraints and hashes', async () => {
  const { env } = await cheese.makeEnvironment('files')
  const digest = createHash('sha256').update(parts.build().bytes).digest('hex')
  await session.desk.write('more/base.txt', '-c narrow.txt\ndemo # the newest that may be\n')
  await session.desk.write('more/narrow.txt', 'demo<1.5\n')
  const { code, output } = await cheese.run(['install', '-r', 'more/base.txt'], { env })
  assert.equal(code, 0, output)
  assert.match(output, /^\+ demo 1\.4$/m)
  const line = (hash: string) => `demo-parts==0.3 --hash=sha256:${hash}\n`
  await session.desk.write('right.txt', line(digest))
  await session.desk.write('wrong.txt', line('0'.repeat(64)))
  const force = ['install', '--force-reinstall', '-r']
  const right = await cheese.run([...force, 'right.txt'], { env })
  assert.match(right.output, /^~ demo-parts 0\.3$/m)
  const wrong = await cheese.run([...force, 'wrong.txt'], { env })
  assert.equal(wrong.code, 1)
  assert.match(wrong.output, /has no file with a hash that is allowed/)
  await session.desk.write('loose.txt', `demo\n${line(digest)}`)
  const loose = await cheese.run(['install', '-r', 'loose.txt', '-U'], { env })
  assert.match(loose.output, /in hash mode one version must be asked for with ==.* demo\n/)
})

test('locks, and makes an environment hold exactly what the lock says', async () => {
  const { env } = await cheese.makeEnvironment('locked')
  const locked = await cheese.run(['lock', 'demo', '-o', 'pylock.toml'], { env })
  assert.equal(locked.output, 'Resolved 2 projects in TIME\nLocked 2 projects in pylock.toml\n')
  await cheese.run(['install', 'colour', 'demo==1.4'], { env })
  const synced = await cheese.run(['sync', 'pylock.toml'], { env })
  assert.match(synced.output, /^- colour 1\.0\n~ demo 1\.4 -> 1\.5\n$/m)
  const frozen = await cheese.run(['freeze'], { env })
  assert.equal(frozen.stdout, 'demo==1.5\nDemo.Parts==0.3\n')
  const again = await cheese.run(['sync', 'pylock.toml'], { env })
  assert.equal(again.output, 'Nothing to do: demo 1.5, demo-parts 0.3 are there\n')
})

test('installs a wheel from a folder and remembers where it came from', async () => {
  const { env } = await cheese.makeEnvironment('direct')
  const { filename, bytes } = demo('1.5').build()
  await session.desk.write(`local/${filename}`, bytes)
  const { code, output } = await cheese.run(['install', `./local/${filename}[colour]`], { env })
  assert.equal(code, 0, output)
  assert.match(output, /^\+ demo 1\.5 \(from file:\/\/HOME\/local\/demo-1\.5-py3-none-any\.whl\)$/m)
  const frozen = await cheese.run(['freeze'], { env })
  assert.match(frozen.stdout, /^demo @ file:\/\/HOME\/local\/demo-1\.5-.*#sha256=[0-9a-f]{64}$/m)
})

test('builds what comes as source', async () => {
  const { folder, env } = await cheese.makeEnvironment('built')
  const { code, output } = await cheese.run(['install', 'from-source'], { env })
  assert.equal(code, 0, output)
  const program = 'import from_source; print(from_source.version)'
  const ran = await mustRun(join(folder, 'bin', 'python'), ['-c', program])
  assert.equal(ran.stdout, '1.0\n')
})

test('works offline from what was fetched before', async () => {
  const { env } = await cheese.makeEnvironment('offline')
  await cheese.run(['install', 'demo'], { env })
  const { env: other } = await cheese.makeEnvironment('offline-2')
  const { code, output } = await cheese.run(['install', 'demo', '--offline'], { env: other })
  assert.equal(code, 0, output)
  const unknown = await cheese.run(['install', 'never-seen', '--offline'], { env: other })
  assert.equal(unknown.code, 1)
})

test('refuses options of pip by name, with the reason', async () => {
  const { code, output } = await cheese.run([
    'pip',
    'install',
    '--check-build-dependencies',
    'demo',
  ])
  assert.equal(code, 2)
  assert.match(output, /^error: --check-build-dependencies is not supported: without isolation/)
  assert.match(
    (await cheese.run(['install', '--nonsense'])).output,
    /there is no option --nonsense/,
  )
})

test('shows settings with their places, and never a password', async () => {
  const env = { CHEESE_INDEX_URL: '', PIP_INDEX_URL: session.server.withToken('simple/') }
  const { output } = await cheese.run(['config'], { env })
  assert.match(output, /^index-url .*__token__:\*\*\*\*@.* PIP_INDEX_URL$/m)
  assert.doesNotMatch(output, new RegExp(session.server.token))
  const { output: failed } = await cheese.run(['install', 'no-such-project', '-v'], { env })
  assert.doesNotMatch(failed, new RegExp(session.server.token))
  const locked = await cheese.run(['lock', 'demo', '-o', '-'], { env })
  assert.match(locked.stdout, /^index = "SERVER\/simple\/"$/m)
  assert.doesNotMatch(locked.stdout, new RegExp(`${session.server.token}|__token__`))
})

test('searches the index, and audits and explains what is installed', async () => {
  const { env } = await cheese.makeEnvironment('asked')
  await cheese.run(['install', 'demo==1.4'], { env })
  const found = await cheese.run(['search', 'DEMO'], { env })
  assert.equal(
    found.output,
    'demo (2.0)\n  INSTALLED: 1.4\n  LATEST:    2.0\nDemo.Parts (0.3)\n  INSTALLED: 0.3 (latest)\n',
  )
  assert.equal((await cheese.run(['search', 'absent'], { env })).code, 23)
  const audited = await cheese.run(['audit', '--strict'], { env })
  assert.match(
    audited.output,
    /no advisories were imported.*\nerror: Nothing could be audited, so /s,
  )
  assert.equal(audited.code, 1)
  await importAdvisory({ ecosystem: 'PyPI', name: 'demo' }, '2.0')
  const known = await cheese.run(['audit', '--strict'], { env })
  assert.equal(known.output, 'No known vulnerabilities in 2 projects\n')
  assert.equal(known.code, 0)
  const why = await cheese.run(['why', 'demo'], { env })
  assert.equal(
    why.output.replace(/this is [\d.]+$/m, 'this is VERSION'),
    `demo 1.4 was asked for by name
not 3.0rc1: it is a pre-release
not 2.0: it requires Python >=4, and this is VERSION
not 1.6: it was yanked: eats the cheese
not 1.5: nothing known stands in the way; cheese why demo==1.5 tries it
`,
  )
})

async function importAdvisory(project: object, version: string): Promise<void> {
  const path = join(session.desk.folder, 'advisory.json')
  const affected = [{ package: project, versions: [version] }]
  await writeFile(path, JSON.stringify({ id: 'TEST-1', affected }))
  await mustRun(cheeseshop, ['advisories', 'import', path, '--data', session.server.dataFolder])
}
