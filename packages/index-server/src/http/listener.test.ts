/** What reaches a server that is not quite HTTP, or takes its time. */
import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@cheeseshop/testing'
import { type TestIndex, testIndex } from '../testing/test-index.ts'

/** Writes the text as it is and gives back all that comes until the server closes. */
async function exchange(index: TestIndex, text: string): Promise<string> {
  const { hostname, port } = new URL(await index.url())
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(text)
  let answer = ''
  for await (const chunk of socket) answer += chunk
  return answer
}

describe('the listener', () => {
  const attacks: [attack: string, text: string, status: number, says: RegExp][] = [
    [
      '40 kB of headers',
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`,
      431,
      /max-header-size/,
    ],
    [
      '10,000 headers',
      `GET / HTTP/1.1\r\nHost: x\r\n${'X: y\r\n'.repeat(10_000)}\r\n`,
      431,
      /max-header-size/,
    ],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, /not HTTP/],
    ['a header with a line feed', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\nc\r\n\r\n', 400, /not HTTP/],
    [
      'two lengths',
      'POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      /not HTTP/,
    ],
    [
      'a length and chunks',
      'POST /legacy/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      /not HTTP/,
    ],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, /./],
    ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400, /./],
    ['a host with a path', 'GET / HTTP/1.1\r\nHost: x/../y\r\nConnection: close\r\n\r\n', 400, /./],
    [
      'a backslash in the path',
      'GET /simple\\demo HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      400,
      /./,
    ],
    ['a NUL in the path', 'GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n', 400, /not HTTP/],
    ['a method nobody knows', 'DANCE / HTTP/1.1\r\nHost: x\r\n\r\n', 400, /not HTTP/],
  ]
  for (const [attack, text, status, says] of attacks) {
    it(`answers ${status} to ${attack}, and goes on`, async () => {
      await using index = await testIndex()
      const answer = await exchange(index, text)
      assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `))
      assert.match(answer.split('\r\n\r\n')[1] ?? '', says)
      const url = await index.url()
      assert.equal((await fetch(`${url}/healthz`)).status, 200)
      assert.ok(!index.log.some((line) => line['level'] === 'error'))
    })
  }

  it('answers 400 to rubbish on a kept-alive connection, whole, however much of it there is', async () => {
    await using index = await testIndex()
    const { hostname, port } = new URL(await index.url())
    for (const first of ['GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n', '']) {
      const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
      const closed = new Promise((resolve) => socket.once('close', resolve))
      const failures: Error[] = []
      socket.on('error', (error) => failures.push(error))
      let answer = ''
      socket.on('data', (chunk) => {
        answer += chunk
      })
      if (first !== '') {
        socket.write(first)
        await until(() => answer.endsWith('ok\n'))
      }
      for (let pieces = 0; pieces < 50; pieces += 1) {
        socket.write('rubbish '.repeat(1000))
        await sleep(1)
      }
      socket.end()
      await closed
      const refusal = answer.slice(answer.indexOf('HTTP/1.1 400 Bad Request\r\n'))
      const [headers = '', body] = refusal.split('\r\n\r\n')
      assert.match(headers, /^X-Content-Type-Options: nosniff$/m)
      assert.match(body ?? '', /^The request is not HTTP as this server reads it \(HPE_\w+\)\.\n$/)
      assert.deepEqual(failures, [])
    }
  })

  it('ends a request whose headers never come to an end', async () => {
    await using index = await testIndex({ config: { headerTimeout: 50, idleTimeout: 5000 } })
    const answer = await exchange(index, 'GET / HTTP/1.1\r\nHost: x\r\n')
    assert.match(answer, /^HTTP\/1\.1 408 Request Timeout\r\n/)
    assert.match(answer, /took too long to arrive/)
  })

  it('ends a connection on which nothing is said', async () => {
    await using index = await testIndex({ config: { idleTimeout: 50 } })
    assert.equal(await exchange(index, ''), '')
  })

  it('ends a download that the client does not take', async () => {
    await using index = await testIndex({ config: { idleTimeout: 200 } })
    const { hostname, port } = new URL(await index.url())
    const router = index.router
    router.get('/endless', (call) => {
      const { outgoing } = call.env
      outgoing?.writeHead(200)
      const more = () => {
        while (outgoing?.write(Buffer.alloc(65_536)));
        outgoing?.once('drain', more)
      }
      more()
      return new Promise<never>(() => {})
    })
    const socket = connect(Number(port), hostname)
    socket.write('GET /endless HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise((resolve) => socket.once('readable', resolve))
    // Nothing is read any more; what the buffers hold does not count as taking it.
    await until(() => index.log.at(-1)?.['status'] === 'cut-off')
    socket.destroy()
  })

  it('logs one line a request, without secrets', async () => {
    await using index = await testIndex()
    const url = await index.url()
    await fetch(`${url}/simple/?token=pypi-AAAABBBBCCCCDDDD`, {
      headers: { 'user-agent': 'pip/26' },
    })
    await until(() => index.log.length > 0)
    const [line] = index.log
    const { time: _, ms: __, bytes, ...rest } = line ?? {}
    assert.ok(Number(bytes) > 300 && Number(bytes) < 3000)
    assert.deepEqual(rest, {
      level: 'info',
      message: 'GET /simple/?token=pypi-***',
      status: 200,
      from: '127.0.0.1',
      agent: 'pip/26',
    })
  })

  it('finishes what is in flight when it closes, and cuts what takes too long', async () => {
    const cases = [
      { ends: true, shutdownTimeout: 100_000, expected: 'done' },
      { ends: false, shutdownTimeout: 300, expected: 'cut off' },
    ]
    for (const { ends, shutdownTimeout, expected } of cases) {
      await using index = await testIndex({ config: { shutdownTimeout } })
      const [begun, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      index.router.get('/slow', async () => {
        begun.resolve()
        await ended.promise
        return new Response('done')
      })
      const { url, close } = await index.listen()
      const answer = fetch(`${url}/slow`)
        .then((response) => response.text())
        .catch(() => 'cut off')
      await begun.promise
      const closed = close()
      if (ends) ended.resolve()
      await closed
      assert.equal(await answer, expected)
      await assert.rejects(fetch(`${url}/healthz`))
    }
  })
})
