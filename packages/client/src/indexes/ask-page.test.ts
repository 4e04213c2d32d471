import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { serve, serveFiles, until } from '@cheeseshop/testing'
import { demo, failure, fileAt, jsonPage, opened } from '../testing/opened.ts'

test('a page is asked for with what tells that it is unchanged, and never remembered', async () => {
  await using server = await serve((request, response) => {
    const isKnown = request.headers['if-none-match'] === '"one"'
    response.setHeader('etag', '"one"')
    response.setHeader('cache-control', 'max-age=600')
    if (isKnown) response.writeHead(304).end()
    else response.end(jsonPage())
  })
  using open = opened({ indexes: [{ url: `${server.url}/simple/` }] })
  const first = await open.client.askPage(demo)
  assert.equal(first.state, 'changed')
  assert.equal('etag' in first && first.etag, '"one"')
  assert.ok('freshUntil' in first && first.freshUntil > Date.now() + 500_000)
  assert.equal((await open.client.askPage(demo)).state, 'changed')
  const again = await open.client.askPage(demo, { etag: '"one"' })
  assert.equal(again.state, 'unchanged')
  assert.equal(server.requests.length, 3)
})

test('a page that is not there is absent, and one that cannot be had is an error', async () => {
  await using server = await serve((_, response, count) => {
    response.writeHead(count === 0 ? 404 : 403).end()
  })
  using open = opened({ indexes: [{ url: `${server.url}/simple/` }] })
  assert.deepEqual(await open.client.askPage(demo), { state: 'absent' })
  assert.equal((await failure(open.client.askPage(demo))).code, 'forbidden')
})

test('the facts of a file are asked for without its bytes', async () => {
  await using server = await serveFiles({ '/demo-1.0.tar.gz': new Uint8Array(1234) })
  using open = opened({})
  const file = fileAt(`${server.url}/demo-1.0.tar.gz`)
  assert.deepEqual(await open.client.fileFacts(file), { size: 1234 })
  assert.deepEqual(server.paths(), ['HEAD /demo-1.0.tar.gz'])
})

test('a download ends when its sink says so, and is not tried again', async () => {
  await using server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': 10 ** 6 })
    response.write(new Uint8Array(1000))
  })
  using open = opened({})
  const ending = new AbortController()
  const sink = { write: () => ending.abort(), restart: () => {}, signal: ending.signal }
  const error = await failure(open.client.download(fileAt(`${server.url}/d-1.0.tar.gz`), sink))
  assert.equal(error.code, 'cancelled')
  assert.equal(server.requests.length, 1)
})

test('memory filling: a large page keeps its place until it was used, a small one waits for nobody', async () => {
  const large = Buffer.from(jsonPage(undefined, { padding: 'x'.repeat(400_000) }))
  await using server = await serve((request, response) =>
    response.end(request.url === '/small/' ? jsonPage() : large),
  )
  const network = { concurrency: { largeAnswers: 1 } }
  using index = opened({ indexes: [{ url: server.url }], network })
  const first = Promise.withResolvers<void>()
  const used: string[] = []
  const ask = (name: string, until?: Promise<void>) =>
    index.client.askPage(name as typeof demo, {}, async () => {
      used.push(name)
      await until
    })
  const one = ask('one', first.promise)
  await until(() => used.length === 1)
  const two = ask('two')
  await ask('small')
  await setTimeout(200)
  assert.deepEqual(used, ['one', 'small'])
  first.resolve()
  await Promise.all([one, two])
  assert.deepEqual(used, ['one', 'small', 'two'])
})
