import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testIndex } from '../testing/test-index.ts'

describe('the router', () => {
  const misses: [path: string, status: number, says: RegExp][] = [
    ['/nope', 404, /nothing at \/nope/],
    ['/wp-login.php', 404, /nothing at/],
    ['/simple/a/b/', 404, /nothing at/],
    ['/simple/%zz/', 400, /percent-encoded/],
    ['/%c3%28', 400, /percent-encoded/],
    ['/packages/py3/d/demo/demo%00.whl', 400, /a NUL/],
    ['/api/v1/projects?after=%00', 400, /a NUL/],
    ['/project/%2e%2e%2f/', 404, /no project/],
    ['/packages/..%2f..%2fetc/passwd', 404, /./],
    ['/static/..%2f..%2fmain.ts', 404, /no file/],
    ['/static/__proto__', 404, /no file/],
    [`/${'a'.repeat(5000)}`, 404, /nothing at/],
  ]
  for (const [path, status, says] of misses) {
    it(`answers ${status} to ${path.slice(0, 40)}`, async () => {
      await using index = await testIndex()
      const response = await index.request(path)
      assert.equal(response.status, status)
      const text = await response.text()
      assert.match(text, says)
      assert.ok(text.length < 500)
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    })
  }

  const methods: [method: string, path: string, allow: string][] = [
    ['DELETE', '/simple/demo/', 'GET, HEAD'],
    ['PUT', '/legacy/', 'POST, GET, HEAD'],
    ['POST', '/pypi/demo/json', 'GET, HEAD'],
    ['PATCH', '/healthz', 'GET, HEAD'],
  ]
  for (const [method, path, allow] of methods) {
    it(`answers 405 to ${method} ${path} and says what is possible`, async () => {
      await using index = await testIndex()
      const response = await index.request(path, { method })
      assert.deepEqual([response.status, response.headers.get('allow')], [405, allow])
      const options = await index.request(path, { method: 'OPTIONS' })
      assert.deepEqual([options.status, options.headers.get('allow')], [204, allow])
    })
  }

  it('writes a failure as the client reads it', async () => {
    await using index = await testIndex()
    const typeOf = async (accept: string | undefined, path = '/nope') => {
      const response = await index.request(path, accept ? { headers: { accept } } : {})
      assert.equal(response.status, 404)
      assert.equal(response.headers.get('vary'), 'Accept')
      return response.headers.get('content-type')
    }
    const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
    assert.equal(await typeOf(undefined), 'text/plain; charset=utf-8')
    assert.equal(await typeOf('*/*'), 'text/plain; charset=utf-8')
    assert.equal(await typeOf('image/png'), 'text/plain; charset=utf-8')
    assert.equal(await typeOf(browser), 'text/html; charset=utf-8')
    assert.equal(await typeOf('application/json'), 'application/problem+json')
    assert.equal(await typeOf('*/*', '/api/v1/nope'), 'application/problem+json')
    assert.equal(await typeOf('text/plain', '/api/v1/nope'), 'text/plain; charset=utf-8')
  })

  it('tells of a fault nothing but an id, and logs the rest once', async () => {
    await using index = await testIndex()
    await index.upload()
    const response404 = await index.request('/nope')
    assert.equal(response404.status, 404)
    const { path } = (await (
      await index.request('/api/v1/projects/demo/files/demo-1.0-py3-none-any.whl')
    ).json()) as { path: string }
    for await (const { sha256 } of index.domain.blobs.list())
      await index.domain.blobs.delete(sha256)
    const response = await index.request(path)
    const text = await response.text()
    assert.equal(response.status, 500)
    const id = /under ([0-9a-f]{8})\.$/m.exec(text)?.[1]
    assert.ok(id && !text.includes('blob'))
    const errors = index.log.filter((line) => line['level'] === 'error')
    assert.equal(errors.length, 1)
    assert.equal(errors[0]?.['id'], id)
    assert.match(String(errors[0]?.['error']), /The blob [0-9a-f]{64} of .* is missing/)
  })

  it('sends nobody elsewhere by a name that is a URL of its own', async () => {
    await using index = await testIndex()
    for (const path of ['/project/https:evil.example', '/project/demo/https:evil.example']) {
      const response = await index.request(path)
      const location = new URL(response.headers.get('location')!, `http://index.example${path}`)
      assert.equal(location.href, `http://index.example${path}/`)
    }
  })

  it('knows whether it is well', async () => {
    await using index = await testIndex()
    const well = await index.request('/healthz')
    assert.deepEqual([well.status, await well.text()], [200, 'ok\n'])
    await index.domain.db.schema.dropTable('totals').execute()
    const ill = await index.request('/healthz')
    assert.equal(ill.status, 503)
    assert.equal(index.log.filter((line) => line['level'] === 'error').length, 1)
  })

  it('lets no browser guess what an answer is', async () => {
    await using index = await testIndex()
    await index.upload()
    const paths = [
      '/',
      '/simple/',
      '/simple',
      '/simple/demo/',
      '/project/demo/',
      '/legacy/',
      '/nope',
    ]
    const more = [
      '/pypi/demo/json',
      '/api/v1/projects',
      '/healthz',
      '/robots.txt',
      '/%00',
      '/simple/a_b/',
    ]
    for (const path of [...paths, ...more]) {
      for (const method of ['GET', 'HEAD', 'OPTIONS', 'PATCH']) {
        const { headers, status } = await index.request(path, { method })
        assert.equal(
          headers.get('x-content-type-options'),
          'nosniff',
          `${method} ${path} ${status}`,
        )
      }
    }
  })

  it('asks robots to stay away', async () => {
    await using index = await testIndex()
    assert.match(await (await index.request('/robots.txt')).text(), /^Disallow: \/$/m)
  })
})
