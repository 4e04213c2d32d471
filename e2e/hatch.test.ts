import { test } from 'node:test'
import { assertPublishes } from './kit/publishing.ts'
import { useSession } from './kit/session.ts'

const session = useSession()

test('hatchling builds and hatch publishes with a token from its environment', async () => {
  const { server, desk } = session
  const env = {
    HATCH_INDEX_REPO: server.uploadUrl,
    HATCH_INDEX_USER: '__token__',
    HATCH_INDEX_AUTH: server.token,
  }
  await assertPublishes(desk, server, {
    project: 'made-by-hatch',
    backend: { requires: 'hatchling', name: 'hatchling.build' },
    // `hatch build` would make an environment with a backend from an index; this is that backend.
    build: (cwd) => desk.run('hatch', ['python', '-m', 'hatchling', 'build'], { cwd }),
    publish: (cwd) => desk.run('hatch', ['hatch', 'publish', '--no-prompt'], { cwd, env }),
  })
})
