import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { before, suite, test } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { buildWithSetuptools, withBackend } from './kit/buildable.ts'
import { publish, publishPaths } from './kit/publish.ts'
import type { RecordedRequest } from './kit/recorder.ts'
import { useSession } from './kit/session.ts'
import type { Environment } from './kit/workplace.ts'
import { yankRelease } from './kit/yank-release.ts'

const versions = ['pip-18.1', 'pip-20.3', 'pip-22.0', 'pip-23.2', 'pip-24.2', 'pip'] as const
const source = (version: string) => `version = '${version}'\n`
const parts = wheel('Demo.Parts', '0.3').file('demo_parts.py', source('0.3'))
const demo = wheel('demo', '1.5').requires('demo-parts>=0.2').file('demo.py', source('1.5'))

const session = useSession(async ({ server, desk }) => {
  await publish(desk, server, [
    parts,
    demo,
    wheel('demo', '1.4').file('demo.py', source('1.4')),
    wheel('demo', '1.6').file('demo.py', source('1.6')),
    wheel('demo', '2.0').requiresPython('>=4').file('demo.py', source('2.0')),
    wheel('demo', '3.0rc1').file('demo.py', source('3.0rc1')),
    withBackend(sdist('from-source', '1.0').file('from_source.py', source('1.0'))),
  ])
  await publishPaths(desk, server, [await buildWithSetuptools(desk, 'from_script', source('1.0'))])
  await yankRelease(server, { project: 'demo', version: '1.6', reason: 'eats the cheese' })
})

for (const version of versions) {
  // 18.1 is older than PEP 592, 658 and 691, 22.0 older than the last two.
  const knowsYanked = version !== 'pip-18.1'
  const knowsJson = version >= 'pip-23' || version === 'pip'

  suite(version, () => {
    let environment: Environment
    const install = (args: string[], env = {}) =>
      environment.python(['-m', 'pip', 'install', '--no-cache-dir', ...args], { env })
    const versionOf = async (module: string) => {
      const { stdout } = await environment.python(['-c', `print(__import__('${module}').version)`])
      return stdout.trim()
    }

    before(async () => {
      environment = await session.desk.makeEnvironment(`for-${version}`, version)
    })

    test('installs the newest version for this Python with what it requires', async () => {
      await using door = await session.server.record()
      const { code, output } = await install(['--index-url', door.simpleUrl, 'Demo'])
      assert.equal(code, 0, output)
      assert.equal(await versionOf('demo'), knowsYanked ? '1.5' : '1.6')
      if (knowsYanked) assert.equal(await versionOf('demo_parts'), '0.3')
      assertRequests(door.requests, knowsJson)
    })

    test('installs a yanked version only when it is asked for, and says why it was', async () => {
      const { code, output } = await install(['--index-url', session.server.simpleUrl, 'demo==1.6'])
      assert.equal(code, 0, output)
      assert.equal(await versionOf('demo'), '1.6')
      if (knowsYanked) assert.match(output, /eats the cheese/)
    })

    test('installs with the right hash and refuses a wrong one', async () => {
      const right = createHash('sha256').update(parts.build().bytes).digest('hex')
      const wrong = createHash('sha256').update('something else').digest('hex')
      const list = (hash: string) =>
        session.desk.write(`${version}-${hash}.txt`, `demo-parts==0.3 --hash=sha256:${hash}\n`)
      const options = [
        '--index-url',
        session.server.simpleUrl,
        '--force-reinstall',
        '--require-hashes',
      ]
      const refused = await install([...options, '-r', await list(wrong)])
      assert.notEqual(refused.code, 0)
      assert.match(refused.output, /DO NOT MATCH THE HASHES/)
      const installed = await install([...options, '-r', await list(right)])
      assert.equal(installed.code, 0, installed.output)
    })

    test('builds and installs an sdist', async () => {
      const name = version === 'pip-18.1' ? 'from-script' : 'from-source'
      const { code, output } = await install(['--index-url', session.server.simpleUrl, name])
      assert.equal(code, 0, output)
      assert.equal(await versionOf(name.replace('-', '_')), '1.0')
    })

    test('installs with a token in the URL', async () => {
      const url = session.server.withToken('simple/')
      const { code, output } = await install(['--force-reinstall', '--index-url', url, 'demo'])
      assert.equal(code, 0, output)
      assert.doesNotMatch(
        output,
        new RegExp(session.server.token),
        'pip hides what stands in the URL',
      )
    })

    test('installs with a token from netrc and the index from its environment', async () => {
      await using door = await session.server.record()
      await session.desk.write(
        '.netrc',
        `machine 127.0.0.1 login __token__ password ${session.server.token}\n`,
      )
      const env = { PIP_INDEX_URL: door.simpleUrl }
      const { code, output } = await install(['--force-reinstall', 'demo'], env)
      await session.desk.write('.netrc', '')
      assert.equal(code, 0, output)
      const expected = `Basic ${Buffer.from(`__token__:${session.server.token}`).toString('base64')}`
      assert.equal(door.requests[0]?.headers.authorization, expected)
    })

    test('says that a project does not exist', async () => {
      const { code, output } = await install([
        '--index-url',
        session.server.simpleUrl,
        'no-such-project',
      ])
      assert.notEqual(code, 0)
      assert.match(output, /No matching distribution found for no-such-project/)
    })
  })
}

function assertRequests(requests: RecordedRequest[], knowsJson: boolean): void {
  const page = requests.find(({ path }) => path === '/simple/demo/')
  assert.ok(page, JSON.stringify(requests))
  assert.match(page.contentType, knowsJson ? /^application\/vnd\.pypi\.simple\.v1\+json/ : /html/)
  const metadata = requests.filter(({ path }) => path.endsWith('.whl.metadata'))
  // Both wheels are resolved from their metadata alone; then each is downloaded once.
  if (knowsJson) assert.equal(metadata.length, 2)
  for (const { path, status } of requests) assert.ok(status < 400, `${path}: ${status}`)
}
