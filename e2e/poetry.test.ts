import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { publish } from './kit/publish.ts'
import { assertPublishes, mustSucceed } from './kit/publishing.ts'
import { useSession } from './kit/session.ts'

const session = useSession()
const poetry = (args: string[], cwd: string, env: Record<string, string> = {}) =>
  session.desk.run('poetry', ['poetry', '--no-interaction', ...args], {
    cwd,
    env: { POETRY_VIRTUALENVS_IN_PROJECT: 'true', POETRY_KEYRING_ENABLED: 'false', ...env },
  })

test('poetry builds and publishes with a token from its environment', async () => {
  const { server, desk } = session
  const env = {
    POETRY_REPOSITORIES_OURS_URL: server.uploadUrl,
    POETRY_HTTP_BASIC_OURS_USERNAME: '__token__',
    POETRY_HTTP_BASIC_OURS_PASSWORD: server.token,
  }
  await assertPublishes(desk, server, {
    project: 'made-by-poetry',
    backend: { requires: 'poetry-core', name: 'poetry.core.masonry.api' },
    build: (cwd) => poetry(['build'], cwd),
    publish: (cwd) => poetry(['publish', '--repository', 'ours'], cwd, env),
  })
})

test('poetry adds, locks and installs from the index as its only source', async () => {
  const { server, desk } = session
  await publish(desk, server, [
    wheel('demo-parts', '0.3').file('demo_parts.py', ''),
    wheel('demo', '1.5').requires('demo-parts>=0.2').file('demo.py', 'version = "1.5"\n'),
    wheel('demo', '2.0').requiresPython('>=4').file('demo.py', ''),
  ])
  const cwd = desk.join('consumer')
  const project = '[project]\nname = "consumer"\nversion = "0"\nrequires-python = ">=3.8,<4"\n'
  const mode = '[tool.poetry]\npackage-mode = false\n'
  const source = `[[tool.poetry.source]]\nname = "ours"\nurl = "${server.simpleUrl}"\n`
  await desk.write('consumer/pyproject.toml', `${project}${mode}${source}`)
  const credentials = ['config', 'http-basic.ours', '__token__', server.token]
  await mustSucceed(poetry(credentials, cwd))
  // Without a specifier poetry would ask for the newest version before it looks at what that requires.
  await mustSucceed(poetry(['add', 'demo>=1'], cwd))
  await mustSucceed(poetry(['install'], cwd))
  const code = 'import demo, demo_parts; print(demo.version)'
  const { stdout } = await mustSucceed(poetry(['run', 'python', '-c', code], cwd))
  assert.match(stdout, /^1\.5$/m)
})
