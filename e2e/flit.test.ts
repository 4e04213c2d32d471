import { test } from 'node:test'
import { assertPublishes } from './kit/publishing.ts'
import { useSession } from './kit/session.ts'

const session = useSession()

test('flit builds and publishes with a token from .pypirc', async () => {
  const { server, desk } = session
  const section = `repository = ${server.uploadUrl}\nusername = __token__\npassword = ${server.token}\n`
  await desk.write('.pypirc', `[distutils]\nindex-servers = ours\n\n[ours]\n${section}`)
  await assertPublishes(desk, server, {
    project: 'made-by-flit',
    backend: { requires: 'flit_core', name: 'flit_core.buildapi' },
    build: (cwd) => desk.run('flit', ['flit', 'build', '--no-use-vcs'], { cwd }),
    publish: (cwd) =>
      desk.run('flit', ['flit', 'publish', '--no-use-vcs', '--repository', 'ours'], { cwd }),
  })
})
