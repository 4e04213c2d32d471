/** Our index and our tool know each other: what a resolution asks for, counted at a door between them. */
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { readProjectDetail, resolverAcceptHeader } from '@cheeseshop/packaging'
import { until, wheel } from '@cheeseshop/testing'
import { differences, installedTree } from '../installer/installed-tree.ts'
import { publish } from '../kit/publish.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

const large = wheel('large', '1.0')
  .file('large/__init__.py', 'x = 1\n')
  .file('large/noise.bin', randomBytes(300_000))
  .file('large-1.0.data/scripts/large-script', '#!python\nprint(1)\n')
  .entryPoints('[console_scripts]\nlarge = large:main\n')
const names = ['first', 'second', 'third', 'fourth']

const session = useSession(async ({ server, desk }) => {
  const chain = names.flatMap((name, at) =>
    ['1.0', '2.0'].map((version) => {
      const next = names[at + 1]
      const built = wheel(name, version).file(`${name}.py`, '')
      // The newest version of each but the last cannot be had, so older metadata is needed too.
      const required = next && `${next}${version === '2.0' ? '>2' : ''}`
      return required ? built.requires(required) : built
    }),
  )
  await publish(desk, server, [large, ...chain])
})

const cheese = new Cheese(session)

test('a resolution against our index is one request for each project', async () => {
  await using door = await session.server.record()
  const { env } = await cheese.makeEnvironment('counted')
  const words = ['install', '--dry-run', '--no-cache-dir', '--index-url', door.simpleUrl, 'first']
  const { code, output } = await cheese.run(words, { env })
  assert.equal(code, 0, output)
  for (const would of ['first 1.0', 'second 1.0', 'third 1.0', 'fourth 2.0']) {
    assert.ok(output.includes(would), output)
  }
  assert.deepEqual(
    door.requests.map(({ path, status }) => `${status} ${path}`).sort(),
    names.map((name) => `200 /simple/${name}/`).sort(),
  )
  const types = new Set(door.requests.map(({ contentType }) => contentType))
  assert.deepEqual([...types], ['application/vnd.cheeseshop.simple.v1+json'])
})

test('a large wheel comes as its twin, with the same tree, and itself where its hash is pinned', async () => {
  await waitForTwin('large')
  await using door = await session.server.record()
  const install = async (name: string, words: string[]) => {
    door.requests.length = 0
    const { folder, env } = await cheese.makeEnvironment(name)
    const index = ['--no-cache-dir', '--index-url', door.simpleUrl]
    const { code, output } = await cheese.run(['install', ...index, ...words], { env })
    assert.equal(code, 0, output)
    const asked = door.requests.map(({ path }) => path.split('/').at(-1)).filter(Boolean)
    return { tree: installedTree(join(folder, 'lib')), asked }
  }
  const { filename, bytes } = large.build()
  const byTwin = await install('by-twin', ['large'])
  assert.deepEqual(byTwin.asked, [`${filename}.tar.zst`])
  const digest = createHash('sha256').update(bytes).digest('hex')
  const pinned = `large==1.0 --hash=sha256:${digest}\n`
  const file = await session.desk.write('pinned.txt', pinned)
  const byWheel = await install('by-wheel', ['-r', file])
  assert.deepEqual(byWheel.asked, [filename])
  assert.ok([...byTwin.tree.keys()].some((path) => path.endsWith('large/noise.bin')))
  assert.deepEqual(differences(byTwin.tree, byWheel.tree), [])
})

async function waitForTwin(name: string): Promise<void> {
  const url = `${session.server.simpleUrl}${name}/`
  await until(async () => {
    const response = await fetch(url, { headers: { accept: resolverAcceptHeader } })
    const type = response.headers.get('content-type') ?? ''
    const [file] = readProjectDetail(await response.text(), type, url).files
    return file?.twin !== undefined
  })
}
