import assert from 'node:assert/strict'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { describe, it } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { testIndex } from '../../testing/test-index.ts'
import { ClientAddresses } from '../client-addresses.ts'
import { HotPages } from './hot-pages.ts'
import { PageCache } from './page-cache.ts'

async function onePage() {
  const cache = new PageCache({ limit: 1e6, changeMark: () => 1, now: () => 0 })
  const content = { contentType: 'text/plain', serial: 1, stateKey: '1', body: 'page' }
  const cached = await cache.get({
    key: 'demo',
    stateKey: async () => '1',
    render: async () => content,
  })
  const hot = new HotPages(cache, new ClientAddresses([], undefined))
  const requestTo = (url: string) =>
    ({ method: 'GET', url, headers: {}, socket: {} }) as IncomingMessage
  const remember = (url: string) =>
    hot.remember(requestTo(url), cached!, { status: 200, headers: {}, body: Buffer.from('page') })
  const isReady = (url: string) => {
    let ready = true
    const outgoing = { writeHead() {}, end() {} } as unknown as ServerResponse
    hot.serve(requestTo(url), outgoing, () => {
      ready = false
    })
    return ready
  }
  return { remember, isReady }
}

describe('the ready pages', () => {
  it('do not grow with the queries that strangers make up', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const { remember, isReady } = await onePage()
    collect()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 40_000; i++) remember(`/simple/demo/?${i}${'x'.repeat(1500)}`)
    collect()
    const grown = process.memoryUsage().heapUsed - before
    assert.ok(isReady(`/simple/demo/?39999${'x'.repeat(1500)}`))
    assert.ok(grown < 30e6, `${grown} bytes are kept`)
  })

  it('do not keep a URL as long as headers may be', async () => {
    const { remember, isReady } = await onePage()
    const long = `/simple/demo/?${'x'.repeat(30_000)}`
    remember('/simple/demo/')
    remember(long)
    assert.deepEqual([isReady('/simple/demo/'), isReady(long)], [true, false])
  })

  it('are not poisoned for the clients of a proxy by headers that only look like its own', async () => {
    await using index = await testIndex({ config: { trustedProxies: ['127.0.0.1'], host: '::' } })
    await index.upload()
    const { port } = new URL(await index.url())
    const headers = { 'x-forwarded-host': 'pypi.example', 'x-forwarded-proto': 'https' }
    const linkFrom = async (localAddress: string) => {
      const { request } = await import('node:http')
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const asked = { host: '127.0.0.1', port, path: '/pypi/demo/json', localAddress }
      request({ ...asked, headers: { ...headers, host: 'inside' } }, async (response) => {
        const parts = await response.toArray()
        resolve(JSON.parse(Buffer.concat(parts).toString()).info.package_url)
      })
        .on('error', reject)
        .end()
      return promise
    }
    assert.equal(await linkFrom('127.0.0.2'), 'http://inside/project/demo/')
    assert.equal(await linkFrom('127.0.0.1'), 'https://pypi.example/project/demo/')
  })
})
