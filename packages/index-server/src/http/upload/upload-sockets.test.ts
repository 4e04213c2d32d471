/** What only shows on real connections: cut-off and slow uploads, early answers, memory. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { ReadableStream } from 'node:stream/web'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { temporaryFolder, until, wheel } from '@cheeseshop/testing'
import { openLocalStore } from '../../storage/local.ts'
import { everything } from '../../testing/catalog.ts'
import { basic, type TestIndex, testIndex } from '../../testing/test-index.ts'

const noise = crypto.getRandomValues(new Uint8Array(60_000))
const built = wheel('demo', '1.0').file('demo/data', noise).build()

/** The bytes of an upload as a client writes them. */
function multipart(file = built): Buffer {
  const parts = [...file.fields].flatMap(([name, values]) =>
    values.map(
      (value) => `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
  )
  const head = `--x\r\nContent-Disposition: form-data; name="content"; filename="${file.filename}"\r\nContent-Type: application/octet-stream\r\n\r\n`
  return Buffer.concat([
    Buffer.from(parts.join('') + head),
    file.bytes,
    Buffer.from('\r\n--x--\r\n'),
  ])
}

async function head(index: TestIndex, length: number, more = ''): Promise<string> {
  return `POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${basic(await index.token())}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${length}\r\n${more}\r\n`
}

async function open(index: TestIndex): Promise<Socket> {
  const { hostname, port } = new URL(await index.url())
  const socket = connect(Number(port), hostname)
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

/** All that the server says until it closes, or for as long as `until` is not in it. */
async function answer(socket: Socket, until: string | RegExp = '\r\n\r\n'): Promise<string> {
  let text = ''
  for await (const chunk of socket) {
    text += chunk
    if (typeof until === 'string' ? text.includes(until) : until.test(text)) break
  }
  return text
}

describe('an upload over a socket', () => {
  it('carries the first problem in the status line', async () => {
    await using index = await testIndex()
    await index.upload(built)
    const other = multipart(wheel('demo', '1.0').file('other', 'é').build())
    const socket = await open(index)
    socket.write(Buffer.concat([Buffer.from(await head(index, other.length)), other]))
    assert.match(await answer(socket), /^HTTP\/1\.1 400 File already exists[^\r\n]*\r\n/)
    socket.destroy()
  })

  it('that ends in the middle leaves no staged file, no row and no blob', async () => {
    await using folder = await temporaryFolder()
    const blobs = await openLocalStore(folder.path)
    await using index = await testIndex({ domain: { blobs } })
    const bytes = multipart()
    const requestHead = await head(index, bytes.length)
    const before = await everything(index.domain)
    const { hostname, port } = new URL(await index.url())
    for (const end of [0, 50, 2000, 50_000, bytes.length - 9]) {
      const socket = connect(Number(port), hostname)
      const sent = Buffer.concat([Buffer.from(requestHead), bytes.subarray(0, end)])
      await new Promise((resolve) => socket.write(sent, resolve))
      // The server may have read all of it by now, or nothing.
      await sleep(30)
      socket.destroy()
    }
    await until(async () => (await readdir(folder.join('staging'))).length === 0)
    assert.deepEqual(await everything(index.domain), before)
    await until(() => index.log.filter((line) => line['status'] === 'cut-off').length === 5)
    assert.ok(!index.log.some((line) => line['level'] === 'error'))
  })

  it('that stands still is told so, and leaves nothing', async () => {
    await using index = await testIndex({ config: { idleTimeout: 100 } })
    const bytes = multipart()
    const socket = await open(index)
    socket.write(
      Buffer.concat([Buffer.from(await head(index, bytes.length)), bytes.subarray(0, 5000)]),
    )
    const text = await answer(socket, /stood still for 0\.1 seconds/)
    assert.match(text, /^HTTP\/1\.1 408 /)
    assert.equal(index.domain.blobs.stagedCount, 0)
    socket.destroy()
  })

  it('that is refused early lets the client send all and then read why', async () => {
    await using index = await testIndex()
    const { port } = new URL(await index.url())
    const body = Buffer.alloc(8_000_000)
    const status = await new Promise<string>((resolve, reject) => {
      const sending = request(
        { port, method: 'POST', path: '/legacy/', headers: { 'content-length': body.length } },
        (response) => resolve(`${response.statusCode} ${response.statusMessage}`),
      )
      sending.on('error', reject)
      sending.end(body)
    })
    assert.match(status, /^401 This needs an API token/)
    // The connection is good for the next request.
    assert.equal((await fetch(`http://localhost:${port}/healthz`)).status, 200)
  })

  it('that is refused in the middle lets the client send the rest and then read why', async () => {
    await using index = await testIndex({ rules: { maximumFileSize: 100_000 } })
    const { port } = new URL(await index.url())
    const authorization = basic(await index.token())
    const type = 'multipart/form-data; boundary=x'
    const start =
      '--x\r\nContent-Disposition: form-data; name="content"; filename="a-1.0.tar.gz"\r\n\r\n'
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const post = () =>
      new Promise<string>((resolve, reject) => {
        const headers = { authorization, 'content-type': type }
        const sending = request(
          { port, agent, method: 'POST', path: '/legacy/', headers },
          (response) => response.resume().on('end', () => resolve(`${response.statusMessage}`)),
        )
        sending.on('error', reject)
        sending.write(start)
        sending.end(Buffer.alloc(4_000_000))
      })
    // On the same connection both times: what was not read of the first would be in the way of the second.
    assert.match(await post(), /^"a-1\.0\.tar\.gz" is larger than 100000 bytes/)
    assert.match(await post(), /^"a-1\.0\.tar\.gz" is larger than 100000 bytes/)
    agent.destroy()
    assert.equal(index.domain.blobs.stagedCount, 0)
  })

  it('that is refused and goes on and on is cut off', async () => {
    await using index = await testIndex({ config: { maxFileSize: 1_000_000, maxFormSize: 1000 } })
    const socket = await open(index)
    let sent = 0
    socket.write(
      'POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999\r\n\r\n',
    )
    const more = () => {
      sent += 1_000_000
      socket.write(Buffer.alloc(1_000_000), (error) => error ?? more())
    }
    more()
    socket.on('error', () => {})
    const end = new Promise((resolve) => socket.once('close', resolve))
    assert.match(await answerOpen(socket), /^HTTP\/1\.1 401 /)
    await end
    assert.ok(sent < 500e6)
  })

  it('that is refused after its file has arrived leaves nothing', async () => {
    await using index = await testIndex({ config: { maxFormSize: 1000 } })
    const socket = await open(index)
    const part = (head: string, value: string) =>
      `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`
    socket.write(await head(index, 10_000))
    socket.write(`${part('name="content"; filename="a.whl"', 'PK')}--x\r\n`)
    await until(() => index.domain.blobs.stagedCount === 1)
    await sleep(20)
    socket.write(part('name="description"', 'x'.repeat(5000)).slice(5))
    assert.match(await answer(socket), /^HTTP\/1\.1 413 /)
    assert.equal(index.domain.blobs.stagedCount, 0)
    socket.destroy()
  })

  it('is invited to go on only when somebody with a token asked to be', async () => {
    await using index = await testIndex()
    const bytes = multipart()
    const socket = await open(index)
    socket.write(await head(index, bytes.length, 'Expect: 100-continue\r\n'))
    assert.match(await answerOpen(socket), /^HTTP\/1\.1 100 Continue\r\n/)
    socket.write(bytes)
    assert.match(await answerOpen(socket), /^HTTP\/1\.1 200 OK\r\n/)
    socket.write(
      'POST /legacy/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n',
    )
    assert.match(await answerOpen(socket), /^HTTP\/1\.1 401 /)
    socket.destroy()
  })

  it('is never held in memory', async () => {
    await using folder = await temporaryFolder()
    const blobs = await openLocalStore(folder.path)
    await using index = await testIndex({ domain: { blobs } })
    const { port } = new URL(await index.url())
    const authorization = basic(await index.token())
    const size = 96_000_000
    const chunk = Buffer.alloc(64_000, 'y')
    const start =
      '--x\r\nContent-Disposition: form-data; name="content"; filename="big-1.0.tar.gz"\r\n\r\n'
    const end =
      '\r\n--x\r\nContent-Disposition: form-data; name=":action"\r\n\r\nnothing\r\n--x--\r\n'
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    let most = before
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss)
    }, 5)
    async function* body() {
      yield start
      for (let sent = 0; sent < size; sent += chunk.length) yield chunk
      yield end
    }
    const response = await fetch(`http://localhost:${port}/legacy/`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'multipart/form-data; boundary=x' },
      body: ReadableStream.from(body()) as never,
      duplex: 'half',
    } as RequestInit)
    clearInterval(watch)
    assert.match(await response.text(), /"nothing" is not known/)
    assert.ok(most - before < 64e6, `${Math.round((most - before) / 1e6)} MB`)
    assert.deepEqual(await readdir(folder.join('staging')), [])
  })
})

/** One answer of a connection that stays open. */
function answerOpen(socket: Socket): Promise<string> {
  return new Promise((resolve) => socket.once('data', (chunk) => resolve(String(chunk))))
}
