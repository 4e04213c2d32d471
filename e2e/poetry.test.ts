import assert from 'node:assert/strict'
import { test } from 'node:test'
import { prepareConsumer, printDemoVersion } from './kit/consumer.ts'
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
  const mode = '[tool.poetry]\npackage-mode = false\n'
  const source = `[[tool.poetry.source]]\nname = "ours"\nurl = "${server.simpleUrl}"\n`
  const cwd = await prepareConsumer(desk, server, mode + source)
  const credentials = ['config', 'http-basic.ours', '__token__', server.token]
  await mustSucceed(poetry(credentials, cwd))
  // Without a specifier poetry would ask for the newest version before it looks at what that requires.
  await mustSucceed(poetry(['add', 'demo>=1'], cwd))
  await mustSucceed(poetry(['install'], cwd))
  const { stdout } = await mustSucceed(poetry(['run', 'python', '-c', printDemoVersion], cwd))
  assert.match(stdout, /^1\.5$/m)
})
