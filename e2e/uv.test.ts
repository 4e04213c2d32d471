import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { findPython } from './clients/python.ts'
import { withBackend } from './kit/buildable.ts'
import { publish, writeDistributions } from './kit/publish.ts'
import { useSession } from './kit/session.ts'
import type { RunOptions } from './kit/workplace.ts'
import { yankRelease } from './kit/yank-release.ts'

const source = (version: string) => `version = '${version}'\n`
const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    wheel('Demo.Parts', '0.3').file('demo_parts.py', source('0.3')),
    wheel('demo', '1.5').requires('demo-parts>=0.2').file('demo.py', source('1.5')),
    wheel('demo', '1.6').file('demo.py', source('1.6')),
    wheel('demo', '2.0').requiresPython('>=4').file('demo.py', source('2.0')),
    withBackend(sdist('from-source', '1.0').file('from_source.py', source('1.0'))),
  ])
  await yankRelease(server, { project: 'demo', version: '1.6', reason: 'eats the cheese' })
})

const uv = (args: string[], options: RunOptions = {}) =>
  session.desk.run('uv', ['uv', ...args], options)

test('uv pip installs from metadata alone, with hashes, past yanked and unsuitable versions', async () => {
  await using door = await session.server.record()
  const environment = await session.desk.makeEnvironment('pip')
  const args = ['pip', 'install', '--python', environment.folder, '--default-index', door.simpleUrl]
  const { code, output } = await uv([...args, 'demo', 'from-source'])
  assert.equal(code, 0, output)
  const shown = await environment.python(['-c', 'import demo, demo_parts; print(demo.version)'])
  assert.equal(shown.stdout.trim(), '1.5', shown.output)
  const page = door.requests.find(({ path }) => path === '/simple/demo/')
  assert.match(page?.contentType ?? '', /^application\/vnd\.pypi\.simple\.v1\+json/)
  assert.ok(door.requests.some(({ path }) => path.endsWith('demo-1.5-py3-none-any.whl.metadata')))
  assert.ok(!door.requests.some(({ headers }) => headers.range), 'there was no need for ranges')
  for (const { path, status } of door.requests) assert.ok(status < 400, `${path}: ${status}`)
})

test('a yanked version that is asked for is installed with its reason as a warning', async () => {
  const environment = await session.desk.makeEnvironment('yanked')
  const args = ['pip', 'install', '--python', environment.folder, 'demo==1.6']
  const { code, output } = await uv([
    ...args,
    '--default-index',
    session.server.withToken('simple/'),
  ])
  assert.equal(code, 0, output)
  assert.match(output, /eats the cheese/)
})

test('uv add, lock and sync work with the index in uv.toml and the token in netrc', async () => {
  await using door = await session.server.record()
  const cwd = session.desk.join('project')
  const python = (await findPython()).path
  const table = '[project]\nname = "mine"\nversion = "0"\nrequires-python = ">=3.8"\n'
  await session.desk.write('project/pyproject.toml', table)
  await session.desk.write(
    '.config/uv/uv.toml',
    `[[index]]\nurl = "${door.simpleUrl}"\ndefault = true\n`,
  )
  await session.desk.write(
    '.netrc',
    `machine 127.0.0.1 login __token__ password ${session.server.token}\n`,
  )
  const env = { NETRC: session.desk.join('.netrc') }
  const added = await uv(['add', '--python', python, 'demo'], { cwd, env })
  assert.equal(added.code, 0, added.output)
  const synced = await uv(['sync', '--python', python, '--locked', '--reinstall', '--no-cache'], {
    cwd,
    env,
  })
  assert.equal(synced.code, 0, synced.output)
  const run = ['run', '--python', python, 'python', '-c', 'import demo; print(demo.version)']
  assert.match((await uv(run, { cwd, env })).stdout, /^1\.5$/m)
  await session.desk.write('.config/uv/uv.toml', '')
  await session.desk.write('.netrc', '')
})

test('uv builds and publishes, skips what is there, and refuses what differs', async () => {
  const table = '[project]\nname = "uv-made"\nversion = "1.0"\nrequires-python = ">=3.8"\n'
  const system = '[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n'
  await session.desk.write('uv-made/pyproject.toml', `${table}${system}`)
  await session.desk.write('uv-made/src/uv_made/__init__.py', '')
  const settings = `publish-url = "${session.server.uploadUrl}"\ncheck-url = "${session.server.simpleUrl}"\n`
  await session.desk.write('uv-made/uv.toml', settings)
  const cwd = session.desk.join('uv-made')
  const python = (await findPython()).path
  const built = await uv(['build', '--offline', '--python', python], { cwd })
  assert.equal(built.code, 0, built.output)
  const env = { UV_PUBLISH_TOKEN: session.server.token }
  const first = await uv(['publish'], { cwd, env })
  assert.equal(first.code, 0, first.output)
  const second = await uv(['publish'], { cwd, env })
  assert.equal(second.code, 0, second.output)
  assert.match(second.output, /already exists, skipping/)

  await session.desk.write('uv-made/src/uv_made/__init__.py', 'changed = True\n')
  await uv(['build', '--offline', '--python', python], { cwd })
  const changed = await uv(['publish'], { cwd, env })
  assert.notEqual(changed.code, 0)
  assert.match(changed.output, /Local file and index file do not match/)
})

test('without a check URL the sentence of the index reaches the terminal', async () => {
  const name = 'sentence'
  await publish(session.desk, session.server, [wheel(name, '1.0').file('a.py', '')])
  const other = [wheel(name, '1.0').file('a.py', 'other = 1\n')]
  const paths = await writeDistributions(session.desk, other, 'other')
  const args = [
    'publish',
    '--publish-url',
    session.server.uploadUrl,
    '--token',
    session.server.token,
  ]
  const { code, output } = await uv([...args, ...paths])
  assert.notEqual(code, 0)
  assert.match(output, /File already exists/)
})
