import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import { serve, serveTls } from '@cheeseshop/testing'
import {
  asJson,
  built,
  DAY,
  entry,
  pageWith,
  scripted,
  setting,
  sha256,
} from '../testing/answering-upstream.ts'

describe('what an upstream answers', () => {
  it('HTML that says it is JSON, and JSON that says it is HTML, are read for what they are', async () => {
    for (const [type, body] of [
      ['application/vnd.pypi.simple.v1+json', `<a href="${entry.url}#sha256=${sha256}">x</a>`],
      ['text/html', pageWith([entry])],
      ['application/octet-stream', pageWith([entry])],
    ] as const) {
      await using server = await serve((_, response) => {
        response.setHeader('content-type', type)
        response.end(body)
      })
      await using all = await setting(server)
      const page = await (await all.index.request('/simple/demo/', asJson)).json()
      assert.equal((page as { files: unknown[] }).files.length, 1, type)
    }
  })

  it('a clock that is wrong, theirs or ours, makes no page fresh for ever', async () => {
    await using server = await serve((_, response) => {
      response.setHeader('date', 'Fri, 01 Jan 2100 00:00:00 GMT')
      response.setHeader('expires', 'Sat, 01 Jan 2101 00:00:00 GMT')
      response.end(pageWith([entry]))
    })
    await using all = await setting(server)
    const { clock } = all.reader.domain
    await all.index.request('/simple/demo/', asJson)
    clock.advance(DAY)
    await all.index.request('/simple/demo/', asJson)
    assert.equal(server.requests.length, 2, 'a year of freshness is more than we give')
    clock.advance(-10 * DAY)
    await all.reader.read()
    await all.reader.engine.settled()
    assert.equal(server.requests.length, 3, 'a page from the future is asked for again')
  })

  it('server-side request forgery: a link into the network, or a redirect there, is not followed', async () => {
    const secret = await serve((_, response) => response.end(built.bytes))
    await using _ = secret
    const targets = ['http://169.254.169.254/latest', secret.url, `http://localhost:${secret.port}`]
    for (const target of targets) {
      for (const isRedirect of [false, true]) {
        await using server = await serve((request, response) => {
          const url = isRedirect ? entry.url : `${target}/${built.filename}`
          if (request.url === '/simple/demo/') response.end(pageWith([{ ...entry, url }]))
          else response.writeHead(302, { location: `${target}/${built.filename}` }).end()
        })
        await using all = await setting(server, { insideHosts: [`127.0.0.1:${server.port}`] })
        const path = `/packages/upstream/public/demo/${built.filename}`
        assert.equal((await all.index.request(path)).status, 503, target)
        assert.match(all.reader.troubles.at(-1)!.error, /is an address inside this network/)
      }
    }
    assert.deepEqual(secret.requests, [])
  })

  it('names that differ only by normalisation are one project, asked for once', async () => {
    const { server } = await scripted()
    await using _ = server
    await using all = await setting(server)
    const redirect = await all.index.request('/simple/DEMO/')
    assert.equal(redirect.status, 301)
    assert.equal((await all.index.request('/simple/demo/', asJson)).status, 200)
    assert.deepEqual(server.paths(), ['GET /simple/demo/'])
  })

  it('a certificate that nobody vouches for: 503, and the log says what helps', async () => {
    await using server = await serveTls((_, response) => response.end(pageWith([entry])))
    await using all = await setting(server)
    const response = await all.index.request('/simple/demo/', asJson)
    assert.equal(response.status, 503)
    assert.match(all.reader.troubles[0]!.error, /no secure connection/)
    assert.deepEqual(server.requests, [])
  })

  it('an upstream that does not answer is left in peace, and pages come at once', async () => {
    const { server, change } = await scripted()
    await using _ = server
    await using all = await setting(server)
    await all.index.request('/simple/demo/', asJson)
    change((_, response) => response.destroy())
    all.reader.domain.clock.advance(DAY)
    for (const name of ['one', 'two', 'three', 'four', 'five', 'demo']) {
      const expected = name === 'demo' ? 200 : 503
      assert.equal((await all.index.request(`/simple/${name}/`, asJson)).status, expected)
    }
    assert.deepEqual(
      [...new Set(server.paths().slice(1))],
      ['GET /simple/one/', 'GET /simple/two/', 'GET /simple/three/'],
    )
  })
})

describe('files of an upstream at the door', () => {
  const path = `/packages/upstream/public/demo/${built.filename}`

  it('HEAD and ranges work on a file that is not kept yet', async () => {
    const { server } = await scripted()
    await using _ = server
    await using all = await setting(server)
    const head = await all.index.request(path, { method: 'HEAD' })
    assert.equal(head.status, 200)
    assert.equal(head.headers.get('content-length'), String(built.bytes.length))
    assert.equal(head.headers.get('accept-ranges'), 'bytes')
    await using fresh = await setting(server)
    const part = await fresh.index.request(path, { headers: { range: 'bytes=-100' } })
    assert.equal(part.status, 206)
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), Buffer.from(built.bytes.subarray(-100)))
    const none = await fresh.index.request(path, { headers: { range: 'bytes=99999999-' } })
    assert.equal(none.status, 416)
  })

  it('metadata that is promised is served, and nothing is served that is not', async () => {
    const { server } = await scripted()
    await using _ = server
    await using all = await setting(server)
    assert.equal((await all.index.request(`${path}.metadata`)).status, 404)
    await all.index.request(path)
    const page = (await (await all.index.request('/simple/demo/', asJson)).json()) as {
      files: { 'core-metadata': { sha256: string } }[]
    }
    const metadata = await all.index.request(`${path}.metadata`)
    assert.equal(metadata.status, 200)
    const digest = createHash('sha256')
      .update(await metadata.text())
      .digest('hex')
    assert.equal(page.files[0]?.['core-metadata'].sha256, digest)
  })
})
