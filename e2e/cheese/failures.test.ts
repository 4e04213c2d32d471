import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { runCommand } from '../../tools/run-command.ts'
import { publish } from '../kit/publish.ts'
import { useSession } from '../kit/session.ts'
import { Cheese } from './cheese.ts'

/** Does not shrink when it is packed. */
const noise = Array.from({ length: 40_000 }, (_, at) => Math.sin(at).toString(36)).join('\n')

const session = useSession(({ server, desk }) =>
  publish(desk, server, [
    wheel('small', '1.0').file('small.py', 'answer = 42\n'),
    wheel('large', '1.0').file('large.py', `"""${noise}"""\n`),
  ]),
)
const cheese = new Cheese(session)

/** An index that answers everything with one status, or closes the door. */
async function answering(status: number | 'nothing') {
  const server = createServer((_, response) => {
    if (status === 'nothing') response.destroy()
    else response.writeHead(status).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const answers: [status: number | 'nothing', told: RegExp][] = [
  [
    401,
    / small .*the index wants credentials: URL\/simple\/small\/ answered 401.*\n\nhint: .*; give credentials in the URL/,
  ],
  [
    403,
    / small .*the index refuses access: URL\/simple\/small\/ answered 403.*\n\nhint: .* do not allow this\n/,
  ],
  [404, / small {2}\(the command line\): no index has it/],
  [503, /^error: The index is in trouble: URL\/simple\/small\/ answered 503.*\n\nhint: Try again/],
  ['nothing', /^error: .*URL.*\n\nhint: /],
]

for (const [status, told] of answers) {
  test(`an index that answers ${status} is told apart, with what to do`, async () => {
    const { env } = await cheese.makeEnvironment('unlucky')
    await using index = await answering(status)
    const words = ['install', 'small', '--retries', '0', '-i', `${index.url}/simple/`]
    const { code, output } = await cheese.run(words, { env })
    const general = output.replaceAll(index.url, 'URL').replaceAll(new URL(index.url).host, 'HOST')
    assert.equal(code, 1, output)
    assert.match(general, told)
    assert.equal((await cheese.run(['list'], { env })).output, '')
  })
}

test('a machine without Python is told', async () => {
  const tools =
    'mkdir -p tools && for tool in sh readlink dirname uname; do ln -sf $(command -v $tool) tools/; done'
  await runCommand('sh', ['-c', tools], { cwd: session.desk.folder })
  const { code, output } = await cheese.run(['list'], { env: { PATH: session.desk.join('tools') } })
  assert.equal(code, 1, output)
  assert.match(
    output,
    /^error: No Python was found; looked at VIRTUAL_ENV, \.venv here, and PATH\./,
  )
})

/** Runs in a mount namespace of its own, so that nothing stays mounted; undefined where the system allows none. */
async function mounted(mount: string, words: readonly string[], env: Record<string, string>) {
  const isAllowed = (await runCommand('unshare', ['-rm', 'true'])).code === 0
  if (!isAllowed) return undefined
  return await cheese.run([...words], {
    env,
    before: ['unshare', '-rm', 'sh', '-c', `${mount} && exec "$@"`, 'sh'],
  })
}

const roomless: [title: string, options: string, told: RegExp][] = [
  ['has no space left', 'size=200k', /^error: .*no space/im],
  ['can only be read', 'ro', /^error: .* cannot be written: the file system can only be read\./m],
]

for (const [title, options, told] of roomless) {
  test(`an environment on a file system that ${title} is left as it was`, async (at) => {
    const { folder, env } = await cheese.makeEnvironment('roomless')
    const python = (
      await runCommand('sh', ['-c', `echo ${folder}/lib/*/site-packages`])
    ).stdout.trim()
    const mount = `mount -t tmpfs -o ${options} none '${python}'`
    const ran = await mounted(mount, ['install', 'large', 'small'], env)
    if (ran === undefined) return at.skip('no mount namespaces here')
    assert.equal(ran.code, 1, ran.output)
    assert.match(ran.output, told)
    assert.equal((await cheese.run(['list'], { env })).output, '')
  })

  test(`a cache on a file system that ${title} stops nothing but what needs it`, async (at) => {
    const { env } = await cheese.makeEnvironment('cacheless')
    const cache = session.desk.join('small-cache')
    const mount = `mkdir -p '${cache}' && mount -t tmpfs -o ${options} none '${cache}'`
    const variables = { ...env, CHEESE_CACHE_DIR: cache }
    const ran = await mounted(mount, ['install', 'large'], variables)
    if (ran === undefined) return at.skip('no mount namespaces here')
    assert.equal(ran.code, 1, ran.output)
    assert.match(ran.output, told)
    assert.equal((await cheese.run(['list'], { env })).output, '')
  })
}

test('a fault of our own ends with 2, wherever it happens, and says whose it is', async () => {
  // Thrown where nobody waits for it, as soon as the program is ready for that.
  const fault = `process.on('newListener', (name) => {
    if (name === 'uncaughtException') queueMicrotask(() => { throw new TypeError('made by a test') })
  })`
  const options = `--import "data:text/javascript,${encodeURIComponent(fault)}"`
  const { code, output } = await cheese.run(['list'], { env: { NODE_OPTIONS: options } })
  assert.equal(code, 2)
  assert.match(output, /^error: TypeError: made by a test\n/)
  assert.match(output, /\nhint: this is a fault of cheese; please report it/)
})

test('a command of these tests without an environment leaves the Python of this machine alone', async () => {
  const { code, output } = await cheese.run(['install', 'small', '--dry-run'])
  assert.equal(code, 3)
  assert.match(output, /^error: there is no virtual environment/)
})

test('a download that is cut off goes on where it stopped', async () => {
  const { env } = await cheese.makeEnvironment('resumed')
  let cuts = 0
  const ranges: (string | undefined)[] = []
  const proxy = createServer(async (request, response) => {
    const target = new URL(request.url!, session.server.url)
    const { range, accept } = request.headers
    const answer = await fetch(target, {
      headers: { ...(range && { range }), accept: accept ?? '*/*' },
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    // The index may offer a twin of the wheel by now, or may not.
    const isFile = /\.(whl|tar\.zst)$/.test(target.pathname)
    if (isFile) ranges.push(range)
    const headers = ['content-type', 'content-range', 'etag', 'accept-ranges', 'last-modified']
    for (const name of headers) {
      const value = answer.headers.get(name)
      if (value) response.setHeader(name, value)
    }
    response.writeHead(answer.status, { 'content-length': bytes.length })
    if (!isFile || cuts > 1) return response.end(bytes)
    cuts += 1
    response.write(bytes.subarray(0, bytes.length >> 1), () =>
      setTimeout(() => response.destroy(), 100),
    )
  })
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening))
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}/simple/`
  const cache = session.desk.join('resumed-cache')
  const words = ['install', 'large', '-i', url, '--cache-dir', cache]
  const { code, output } = await cheese.run(words, { env })
  proxy.closeAllConnections()
  proxy.close()
  assert.equal(code, 0, output)
  assert.match(output, /^\+ large 1\.0$/m)
  assert.equal(ranges[0], undefined)
  assert.match(ranges[1] ?? '', /^bytes=\d{4,}-$/)
  assert.equal(ranges.length, 3)
})

test('a damaged entry of the cache is made anew while it is needed', async () => {
  const first = await cheese.makeEnvironment('healthy')
  const cache = session.desk.join('damaged-cache')
  const install = ['install', 'small', '--cache-dir', cache]
  assert.equal((await cheese.run(install, { env: first.env })).code, 0)
  const files = await runCommand('find', [cache, '-name', 'small.py'])
  await runCommand('rm', files.stdout.trim().split('\n'))
  const second = await cheese.makeEnvironment('healed')
  const { code, output } = await cheese.run(install, { env: second.env })
  assert.equal(code, 0, output)
  assert.match(output, /^warning: .* was damaged .* and is made anew$/m)
  const python = join(second.folder, 'bin', 'python')
  const ran = await runCommand(python, ['-c', 'import small; print(small.answer)'])
  assert.equal(ran.stdout, '42\n')
})
