import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { wheel } from '@cheeseshop/testing'
import { findUser } from '../../domain/accounts/users.ts'
import { createToken, revokeToken } from '../../domain/trust/api-tokens.ts'
import { basic, formOf, testIndex } from '../../testing/test-index.ts'

describe('who may upload', () => {
  it('is not a token that is revoked while the file is on its way', async () => {
    await using index = await testIndex()
    await index.token('ann')
    const ann = (await findUser(index.domain, 'ann'))!
    const wanted = { userId: ann.id, name: 'stolen', scopes: ['upload'] } as const
    const { token, id } = await createToken(index.domain, wanted)
    const form = new Response(formOf(wheel('demo', '1.0').build()))
    const body = new ReadableStream({
      async pull(controller) {
        await revokeToken(index.domain, { ...ann, userId: ann.id }, id)
        controller.enqueue(await form.bytes())
        controller.close()
      },
    })
    const headers = {
      authorization: basic(token),
      'content-type': form.headers.get('content-type') ?? '',
    }
    const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
    const response = await index.request('/legacy/', init)
    assert.deepEqual([response.status, index.domain.blobs.stagedCount], [401, 0])
    assert.match(await response.text(), /revoked while/)
    assert.equal((await index.request('/simple/demo/')).status, 404)
  })

  const cases: [title: string, authorization: string | undefined, says: RegExp][] = [
    ['nobody in particular', undefined, /needs an API token/],
    ['a user with a password', `Basic ${btoa('ann:secret')}`, /__token__/],
    ['a token nobody made', basic(`pypi-${'x'.repeat(43)}`), /not known here/],
    ['a scheme nobody knows', 'Digest abc', /scheme "Digest"/],
    ['half of Basic', 'Basic', /scheme/],
    ['Basic that is not base64 of a pair', 'Basic ####', /base64/],
  ]
  for (const [title, authorization, says] of cases) {
    it(`is not ${title}, and the body is never read`, async () => {
      await using index = await testIndex()
      const response = await index.request('/legacy/', {
        method: 'POST',
        ...(authorization !== undefined && { headers: { authorization } }),
        body: neverRead(),
        duplex: 'half',
      } as RequestInit)
      assert.equal(response.status, 401)
      assert.match(response.headers.get('www-authenticate') ?? '', /^Basic realm=/)
      assert.match(await response.text(), says)
    })
  }

  const refusals: [title: string, rules: object, scopes: 'manage' | 'upload', says: RegExp][] = [
    ['a token without the scope', {}, 'manage', /lacks the scope "upload"/],
    ['anybody while the index is read-only', { readOnly: true }, 'upload', /read-only/],
    ['anybody while uploads are off', { uploadsOff: true }, 'upload', /Uploads are off/],
  ]
  for (const [title, rules, scope, says] of refusals) {
    it(`is not ${title}, and the body is never read`, async () => {
      await using index = await testIndex()
      const authorization = basic(await index.token('ann', [scope]))
      Object.assign(index.domain.rules, rules)
      const response = await index.request('/legacy/', {
        method: 'POST',
        headers: { authorization },
        body: neverRead(),
        duplex: 'half',
      } as RequestInit)
      assert.equal(response.status, 403)
      assert.match(await response.text(), says)
    })
  }
})

describe('an upload that is announced', () => {
  it('is refused by its Content-Length before the body is read', async () => {
    await using index = await testIndex({ rules: { maximumFileSize: 5000 } })
    const authorization = basic(await index.token())
    const response = await index.request('/legacy/', {
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': '99999999',
      },
      body: neverRead(),
      duplex: 'half',
    } as RequestInit)
    assert.equal(response.status, 413)
    assert.match(await response.text(), /has 99999999 bytes/)
  })
})

function neverRead(): ReadableStream {
  const fail = () => {
    throw new Error('The body was read.')
  }
  return new ReadableStream({ pull: fail }, { highWaterMark: 0 })
}
