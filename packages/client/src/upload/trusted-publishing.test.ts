import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Script, serve } from '@cheeseshop/testing'
import { failure, opened } from '../testing/opened.ts'

async function exchange(script: Script) {
  await using server = await serve(script)
  using index = opened({})
  const uploadUrl = `${server.url.replace('//', '//me:secret@')}/legacy/?x=1`
  const audience = await index.client.audience(uploadUrl).catch((error) => error)
  const minted = await index.client.mintToken(uploadUrl, 'identity').catch((error) => error)
  return { audience, minted, requests: server.requests, paths: server.paths() }
}

test('the audience is asked for, and the identity exchanged for a token', async () => {
  const bodies: string[] = []
  const { audience, minted, requests, paths } = await exchange(async (request, response) => {
    bodies.push(Buffer.concat(await request.toArray()).toString())
    const answer = request.url?.endsWith('audience')
      ? { audience: 'demo-index' }
      : { success: true, token: 'demo-token', expires: 1_800_000_000 }
    response.end(JSON.stringify(answer))
  })
  assert.equal(audience, 'demo-index')
  assert.deepEqual(minted, { token: 'demo-token', expires: new Date(1_800_000_000_000) })
  assert.deepEqual(paths, ['GET /_/oidc/audience', 'POST /_/oidc/mint-token'])
  assert.deepEqual(bodies, ['', '{"token":"identity"}'])
  assert.ok(requests.every(({ headers }) => headers.authorization === undefined))
})

test('a refusal lists its reasons', async () => {
  const { minted } = await exchange((request, response) => {
    const body = {
      message: 'Token request failed',
      errors: [{ code: 'invalid-publisher', description: 'No publisher for this workflow.' }],
    }
    request.resume().on('end', () => response.writeHead(422).end(JSON.stringify(body)))
  })
  assert.match(minted.message, /422: No publisher for this workflow\.$/)
  assert.match(minted.hint, /Register a trusted publisher/)
})

test('an index without trusted publishing is told as that', async () => {
  const { audience, minted } = await exchange((request, response) => {
    request.resume().on('end', () => response.writeHead(404).end())
  })
  for (const error of [audience, minted]) assert.match(error.message, /does not offer trusted/)
})

for (const body of ['', 'null', '{}', '[]', '{"audience":7,"token":""}', '<html>']) {
  test(`the answer ${JSON.stringify(body)} is refused`, async () => {
    const { audience, minted } = await exchange((request, response) => {
      request.resume().on('end', () => response.end(body))
    })
    assert.deepEqual([audience.code, minted.code], ['bad-body', 'bad-body'])
  })
}

test('an identity is sent to nobody without encryption', async () => {
  using index = opened({})
  for (const url of [
    'http://index.example/legacy/',
    'ftp://index.example/',
    'nothing',
    'http://127.evil.example/',
    'http://localhost.evil.example/',
  ]) {
    const error = await failure(index.client.mintToken(url, 'identity'))
    assert.equal(error.code, 'bad-url')
    assert.deepEqual(index.events, [])
  }
})
