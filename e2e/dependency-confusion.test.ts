/** The real attack: a private project, and one of the same name and a higher version on the public index behind it. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { Cheese } from './cheese/cheese.ts'
import { findPython } from './clients/python.ts'
import { publish } from './kit/publish.ts'
import { mustSucceed } from './kit/publishing.ts'
import type { Recorder } from './kit/recorder.ts'
import { type RunningServer, startServer } from './kit/server.ts'
import type { Session } from './kit/session.ts'
import { type Environment, openWorkplace } from './kit/workplace.ts'

const utils = (version: string) =>
  wheel('acme-utils', version).file('acme_utils.py', `version = '${version}'\n`)

/** The upstream is another server of ours, so that nothing of it is made up. */
let upstream: RunningServer
/** What our server is told to read: the same upstream, with somebody who writes down what it is asked. */
let door: Recorder
const session = {} as Session

before(async () => {
  const desk = await openWorkplace()
  upstream = await startServer()
  await publish(desk, upstream, [
    utils('99.0'),
    wheel('innocent', '2.0').file('innocent.py', "version = '2.0'\n"),
  ])
  door = await upstream.record()
  const server = await startServer(['--upstream', door.simpleUrl])
  Object.assign(session, { desk, server })
  await publish(desk, server, [
    utils('1.0'),
    wheel('acme-app', '1.0').requires('acme-utils>=1').requires('innocent').file('acme_app.py', ''),
  ])
})

after(async () => {
  await session.server?.[Symbol.asyncDispose]()
  await door?.[Symbol.asyncDispose]()
  await upstream?.[Symbol.asyncDispose]()
  await session.desk?.[Symbol.asyncDispose]()
})

const shown = 'import acme_app, acme_utils, innocent; print(acme_utils.version, innocent.version)'

async function assertSafe(environment: Environment): Promise<void> {
  const { stdout, output } = await environment.python(['-c', shown])
  assert.equal(stdout.trim(), '1.0 2.0', output)
}

test('the attack works on whoever asks the public index for the private name', async () => {
  const environment = await session.desk.makeEnvironment('victim', 'pip')
  const urls = ['--index-url', session.server.simpleUrl, '--extra-index-url', upstream.simpleUrl]
  const args = ['-m', 'pip', 'install', '--no-cache-dir', ...urls, 'acme-utils']
  await mustSucceed(environment.python(args))
  const { stdout } = await environment.python([
    '-c',
    'import acme_utils; print(acme_utils.version)',
  ])
  assert.equal(stdout.trim(), '99.0')
})

for (const habit of ['alone', 'as the extra index too'] as const) {
  test(`pip gets the private project, with our URL ${habit}`, async () => {
    const { server, desk } = session
    const environment = await desk.makeEnvironment(`pip ${habit}`, 'pip')
    const extra = habit === 'alone' ? [] : ['--extra-index-url', server.simpleUrl]
    const args = ['--no-cache-dir', '--index-url', server.simpleUrl, ...extra, 'acme-app']
    await mustSucceed(environment.python(['-m', 'pip', 'install', ...args]))
    await assertSafe(environment)
  })
}

test('uv gets the private project, also when it looks at all indexes for the best match', async () => {
  const { server, desk } = session
  const environment = await desk.makeEnvironment('uv')
  const args = ['pip', 'install', '--python', environment.folder, '--no-cache']
  const urls = ['--default-index', server.simpleUrl, '--index', server.simpleUrl]
  const habit = ['--index-strategy', 'unsafe-best-match']
  await mustSucceed(desk.run('uv', ['uv', ...args, ...urls, ...habit, 'acme-app']))
  await assertSafe(environment)
})

test('poetry gets the private project', async () => {
  const { server, desk } = session
  const cwd = desk.join('by-poetry')
  const project = '[project]\nname = "consumer"\nversion = "0"\nrequires-python = ">=3.8,<4"\n'
  const source = `[tool.poetry]\npackage-mode = false\n[[tool.poetry.source]]\nname = "ours"\nurl = "${server.simpleUrl}"\n`
  await desk.write('by-poetry/pyproject.toml', project + source)
  const poetry = (args: string[]) =>
    desk.run('poetry', ['poetry', '--no-interaction', ...args], {
      cwd,
      env: { POETRY_VIRTUALENVS_IN_PROJECT: 'true', POETRY_KEYRING_ENABLED: 'false' },
    })
  await mustSucceed(poetry(['add', 'acme-app>=1']))
  const { stdout } = await mustSucceed(poetry(['run', 'python', '-c', shown]))
  assert.match(stdout, /^1\.0 2\.0$/m)
})

test('pdm gets the private project', async () => {
  const { server, desk } = session
  const cwd = desk.join('by-pdm')
  const project = '[project]\nname = "consumer"\nversion = "0"\nrequires-python = ">=3.8,<4"\n'
  const source = `[tool.pdm]\ndistribution = false\n[[tool.pdm.source]]\nname = "pypi"\nurl = "${server.simpleUrl}"\nverify_ssl = false\n`
  await desk.write('by-pdm/pyproject.toml', project + source)
  const pdm = (args: string[]) =>
    desk.run('pdm', ['pdm', ...args], { cwd, env: { PDM_CHECK_UPDATE: '0' } })
  await mustSucceed(pdm(['use', (await findPython()).path]))
  await mustSucceed(pdm(['add', 'acme-app']))
  const { stdout } = await mustSucceed(pdm(['run', 'python', '-c', shown]))
  assert.match(stdout, /^1\.0 2\.0$/m)
})

test('cheese gets the private project', async () => {
  const cheese = new Cheese(session)
  const { folder, env } = await cheese.makeEnvironment('by-cheese')
  const { code, output } = await cheese.run(['install', 'acme-app'], { env })
  assert.equal(code, 0, output)
  const { stdout } = await session.desk.run('uv', ['uv', 'pip', 'freeze', '--python', folder])
  assert.match(stdout, /^acme-utils==1\.0$/m)
  assert.match(stdout, /^innocent==2\.0$/m)
})

test('the private name was never told to the upstream', async () => {
  const { server } = session
  const page = await fetch(`${server.simpleUrl}acme-utils/`)
  assert.equal(page.headers.get('x-cheeseshop-origin'), 'hosted')
  assert.ok(!(await page.text()).includes('99.0'))
  const asked = door.requests.map(({ path }) => path)
  assert.ok(asked.includes('/simple/innocent/'))
  assert.deepEqual(
    asked.filter((path) => path.includes('acme')),
    [],
  )
  const guess = 'packages/upstream/public/acme-utils/acme_utils-99.0-py3-none-any.whl'
  assert.equal((await fetch(server.url + guess)).status, 404)
})
