import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { findUser } from '../../domain/accounts/users.ts'
import { createToken, listTokens, revokeToken } from '../../domain/trust/api-tokens.ts'
import { testIndex } from '../../testing/test-index.ts'

describe('who may call the API', () => {
  const calls = [
    'PUT /projects/demo/status',
    'DELETE /projects/demo',
    'PUT /projects/demo/releases/1.0/yank',
    'DELETE /projects/demo/releases/1.0/yank',
    'DELETE /projects/demo/releases/1.0',
    'PUT /projects/demo/files/demo-1.0-py3-none-any.whl/yank',
    'DELETE /projects/demo/files/demo-1.0-py3-none-any.whl/yank',
    'DELETE /projects/demo/files/demo-1.0-py3-none-any.whl',
    'GET /events',
    'GET /tokens',
    'POST /tokens',
    'DELETE /tokens/1',
  ]
  for (const what of calls) {
    it(`nobody without a token: ${what}`, async () => {
      await using index = await testIndex()
      await index.upload()
      assert.equal((await index.call(what)).status, 401)
    })

    it(`not a token that may only upload: ${what}`, async () => {
      await using index = await testIndex()
      await index.upload()
      const token = await index.token('ann', ['upload'])
      const body = what.includes('status') ? { status: 'archived' } : undefined
      const { status } = await index.call(what, { token, ...(body && { body }) })
      assert.equal(status, what === 'GET /events' ? 200 : 403)
    })
  }

  it('not a token for one project where it could make itself one for all', async () => {
    await using index = await testIndex()
    await index.token('root', ['admin'])
    const root = await findUser(index.domain, 'root')
    const { token } = await createToken(index.domain, {
      userId: root!.id,
      name: 'narrow',
      scopes: ['admin', 'manage', 'upload'],
      projects: [normalizeName('demo')],
    })
    const body = { name: 'wide', scopes: ['admin', 'manage', 'upload'] }
    for (const what of ['POST /tokens', 'GET /tokens', 'DELETE /tokens/1']) {
      const answer = await index.call(what, what.startsWith('POST') ? { token, body } : { token })
      assert.deepEqual([what, answer.status], [what, 403])
    }
    const { body: page } = await index.call('GET /events', { token })
    assert.deepEqual(page.events, [], 'it hears nothing of accounts either')
  })

  it('not a token that is revoked while its request is under way', async () => {
    await using index = await testIndex()
    await index.token('root', ['admin'])
    const root = (await findUser(index.domain, 'root'))!
    const { token, id } = await createToken(index.domain, {
      userId: root.id,
      name: 'stolen',
      scopes: ['admin'],
    })
    const body = new ReadableStream({
      async pull(controller) {
        await revokeToken(index.domain, { ...root, userId: root.id }, id)
        controller.enqueue(Buffer.from('{"name": "spare key", "scopes": ["admin"]}'))
        controller.close()
      },
    })
    const response = await index.request('/api/v1/tokens', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body,
      duplex: 'half',
    } as RequestInit)
    assert.equal(response.status, 401)
    assert.equal((await listTokens(index.domain, root.id)).length, 1)
  })

  it('nobody whose token is none, and it does not wait for their body', async () => {
    await using index = await testIndex()
    await index.upload()
    const project = '/api/v1/projects/demo'
    const changes = [
      ['PUT', `${project}/status`],
      ['PUT', `${project}/releases/1.0/yank`],
      ['PUT', `${project}/files/demo-1.0-py3-none-any.whl/yank`],
      ['DELETE', `${project}/files/demo-1.0-py3-none-any.whl`],
      ['DELETE', `${project}/releases/1.0`],
      ['DELETE', project],
      ['POST', '/api/v1/tokens'],
    ]
    for (const [method = '', path = ''] of changes) {
      const neverEnding = new ReadableStream({ pull: () => new Promise<never>(() => {}) })
      const headers = { authorization: 'Bearer pypi-AAAA' }
      const init = { method, headers, body: neverEnding, duplex: 'half' } as RequestInit
      assert.equal((await index.request(path, init)).status, 401, path)
    }
    assert.equal((await index.request(`${project}`)).status, 200)
  })

  it('not somebody who has no part in the project', async () => {
    await using index = await testIndex()
    await index.upload()
    const token = await index.token('mallory')
    for (const what of calls.filter((what) => what.includes('demo'))) {
      const body = what.includes('status') ? { status: 'archived' } : undefined
      assert.equal((await index.call(what, { token, ...(body && { body }) })).status, 403, what)
    }
  })
})
