/** The program as people start it: a process, its output, its signals. */
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder, wheel } from '@cheeseshop/testing'
import { basic, formOf } from './testing/test-index.ts'

const program = fileURLToPath(new URL('../bin/cheeseshop.cjs', import.meta.url))

interface Server extends AsyncDisposable {
  url: string
  /** Everything printed until it was ready. */
  output: string
  end(signal: NodeJS.Signals): Promise<number | null>
}

async function serve(data: string, ...flags: string[]): Promise<Server> {
  const words = [
    program,
    'serve',
    '--data',
    data,
    '--port',
    '0',
    '--log-level',
    'error',
    '--upstream',
    'off',
    ...flags,
  ]
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const output = await untilReady(child)
  return {
    url: /ready at (http:\/\/127\.0\.0\.1:\d+)\//.exec(output)?.[1] ?? '',
    output,
    end(signal) {
      child.kill(signal)
      return exit
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exit
    },
  }
}

function untilReady(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk) => {
      text += chunk
      if (/ready at .*\n/.test(text)) resolve(text)
    })
    child.once('exit', (code) => reject(new Error(`It ended with ${code}: ${text}`)))
  })
}

/** What it prints; its exit code does not matter. */
async function command(...words: string[]): Promise<string> {
  const child = spawn(process.execPath, [program, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout) text += chunk
  return text
}

const upload = (url: string, token: string, version: string) =>
  fetch(`${url}/legacy/`, {
    method: 'POST',
    headers: { authorization: basic(token) },
    body: formOf(wheel('demo', version).build()),
  })

describe('cheeseshop serve', () => {
  it('shows the token of its first start also where it cannot listen', async () => {
    await using folder = await temporaryFolder()
    await using other = await serve(folder.join('other'))
    const { port } = new URL(other.url)
    const where = ['--data', folder.join('data'), '--port', port, '--upstream', 'off']
    assert.match(
      await command('serve', ...where),
      /^The upload token of "admin": pypi-[\w-]{43}\n$/,
    )
  })

  it('prepares everything at its first start and shows a token once', async () => {
    await using folder = await temporaryFolder()
    const data = folder.join('deep', 'data')
    let token = ''
    {
      await using server = await serve(data)
      const { url, output } = server
      token = /^ {2}(pypi-[\w-]{43})$/m.exec(output)?.[1] ?? ''
      assert.equal((await stat(data)).mode & 0o777, 0o700)
      for (const line of [
        `  index-url = ${url}/simple/`,
        `  publish-url = "${url}/legacy/"`,
        `  repository = ${url}/legacy/`,
        `  password = ${token}`,
      ]) {
        assert.ok(output.split('\n').includes(line), line)
      }
      assert.equal((await upload(url, token, '1')).status, 200)
      // A token can be made while the server runs, and is good at once.
      const other = await command('token', 'create', '--data', data, '--name', 'other')
      assert.match(other, /^pypi-[\w-]{43}\n$/)
      assert.equal((await upload(url, other.trim(), '2')).status, 200)
      assert.equal(await server.end('SIGINT'), 0)
    }
    await using server = await serve(data)
    assert.ok(!server.output.includes('pypi-'))
    assert.equal(server.output.trim().split('\n').length, 1)
    assert.equal((await upload(server.url, token, '3')).status, 200)
    const page = await (await fetch(`${server.url}/simple/demo/`)).text()
    assert.equal(page.match(/<a /g)?.length, 3)
    assert.equal(await server.end('SIGTERM'), 0)
  })

  it('says what is wrong when its port is taken', async () => {
    await using folder = await temporaryFolder()
    await using server = await serve(folder.join('a'))
    const { port } = new URL(server.url)
    const words = [program, 'serve', '--data', folder.join('b'), '--port', port]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'pipe'] })
    const exit = new Promise((resolve) => child.once('exit', resolve))
    let text = ''
    for await (const chunk of child.stderr) text += chunk
    assert.match(text, /^error: .*EADDRINUSE.*\n\nhint: .*--port/)
    assert.equal(await exit, 1)
  })
})
