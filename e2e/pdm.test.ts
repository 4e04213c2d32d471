import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { clientFolder } from './clients/environments.ts'
import { findPython } from './clients/python.ts'
import { publish } from './kit/publish.ts'
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
  await publish(desk, server, [
    wheel('demo-parts', '0.3').file('demo_parts.py', ''),
    wheel('demo', '1.5').requires('demo-parts>=0.2').file('demo.py', 'version = "1.5"\n'),
    wheel('demo', '2.0').requiresPython('>=4').file('demo.py', ''),
  ])
  const cwd = desk.join('consumer')
  const project = '[project]\nname = "consumer"\nversion = "0"\nrequires-python = ">=3.8,<4"\n'
  const url = server.withToken('simple/')
  const mode = '[tool.pdm]\ndistribution = false\n'
  const source = `[[tool.pdm.source]]\nname = "pypi"\nurl = "${url}"\nverify_ssl = false\n`
  await desk.write('consumer/pyproject.toml', `${project}${mode}${source}`)
  await mustSucceed(pdm(['use', (await findPython()).path], cwd))
  await mustSucceed(pdm(['add', 'demo'], cwd))
  await mustSucceed(pdm(['sync'], cwd))
  const code = 'import demo, demo_parts; print(demo.version)'
  const { stdout } = await mustSucceed(pdm(['run', 'python', '-c', code], cwd))
  assert.match(stdout, /^1\.5$/m)
})
