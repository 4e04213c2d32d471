import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { clientFolder } from './clients/environments.ts'
import { findPython } from './clients/python.ts'
import { prepareConsumer, printDemoVersion } from './kit/consumer.ts'
import { assertPublishes, mustSucceed } from './kit/publishing.ts'
import { useSession } from './kit/session.ts'

const session = useSession()
const pdm = (args: string[], cwd: string, env: Record<string, string> = {}) =>
  session.desk.run('pdm', ['pdm', ...args], { cwd, env: { PDM_CHECK_UPDATE: '0', ...env } })

test('pdm builds and publishes with a token from its environment', async () => {
  const { server, desk } = session
  // The backend is beside pdm itself, so that nothing has to come from an index for the build.
  const python = join(await clientFolder('pdm'), 'bin', 'python')
  const env = {
    PDM_PUBLISH_REPO: server.uploadUrl,
    PDM_PUBLISH_USERNAME: '__token__',
    PDM_PUBLISH_PASSWORD: server.token,
  }
  await assertPublishes(desk, server, {
    project: 'made-by-pdm',
    backend: { requires: 'pdm-backend', name: 'pdm.backend' },
    build: (cwd) => pdm(['build', '--no-isolation'], cwd, { PDM_PYTHON: python }),
    // Only when it is told to talk does pdm show what an index said.
    publish: (cwd) => pdm(['publish', '--no-build', '-vv'], cwd, env),
  })
})

test('pdm adds, locks and installs from the index as its only source', async () => {
  const { server, desk } = session
  const url = server.withToken('simple/')
  const mode = '[tool.pdm]\ndistribution = false\n'
  const source = `[[tool.pdm.source]]\nname = "pypi"\nurl = "${url}"\nverify_ssl = false\n`
  const cwd = await prepareConsumer(desk, server, mode + source)
  await mustSucceed(pdm(['use', (await findPython()).path], cwd))
  await mustSucceed(pdm(['add', 'demo'], cwd))
  await mustSucceed(pdm(['sync'], cwd))
  const { stdout } = await mustSucceed(pdm(['run', 'python', '-c', printDemoVersion], cwd))
  assert.match(stdout, /^1\.5$/m)
})
