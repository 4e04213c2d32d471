import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { normalizeName } from '@cheeseshop/packaging'
import { sdist, wheel } from '@cheeseshop/testing'
import { findUser } from '../../domain/accounts/users.ts'
import { createToken, revokeToken } from '../../domain/trust/api-tokens.ts'
import { everything, withBytes } from '../../testing/catalog.ts'
import { readProject } from '../../testing/read-index.ts'
import { basic, formOf, type TestIndex, testIndex } from '../../testing/test-index.ts'

const good = wheel('demo', '1.0').build()

/** Sends a form and asserts that nothing at all is left of it. */
async function refused(
  index: TestIndex,
  body: BodyInit | null,
  headers: Record<string, string> = {},
): Promise<Response> {
  const authorization = basic(await index.token())
  const before = await everything(index.domain)
  const response = await index.request('/legacy/', {
    method: 'POST',
    headers: { authorization, ...headers },
    body,
  })
  assert.deepEqual(await everything(index.domain), before)
  assert.equal(index.domain.blobs.stagedCount, 0)
  return response
}

describe('an upload', () => {
  it('is on every page when it is answered', async () => {
    await using index = await testIndex()
    const response = await index.upload(good)
    assert.deepEqual([response.status, await response.text()], [200, ''])
    const project = await readProject(index.domain, normalizeName('demo'))
    assert.equal(response.headers.get('x-pypi-last-serial'), String(project?.lastSerial))
    assert.equal(project?.files[0]?.uploadedVia, 'twine/7.0')
    assert.equal(index.domain.blobs.stagedCount, 0)
    for (const path of ['/simple/demo/', '/pypi/demo/json', '/project/demo/', '/simple/']) {
      assert.match(await (await index.request(path)).text(), /demo/, path)
    }
  })

  it('is answered 200 again when nothing about it is new', async () => {
    await using index = await testIndex()
    await index.upload(good)
    const before = await everything(index.domain)
    assert.equal((await index.upload(good, await index.token())).status, 200)
    const { events: _, ...after } = await everything(index.domain)
    const { events: __, ...expected } = before
    assert.deepEqual(after, expected)
  })

  it('with other content under the same name is refused as twine expects it', async () => {
    await using index = await testIndex()
    await index.upload(good)
    const other = wheel('demo', '1.0').file('demo/new.py', '').build()
    const response = await index.upload(other)
    assert.equal(response.status, 400)
    assert.match(response.statusText, /^File already exists/)
    assert.match(await response.text(), /^File already exists/)
  })

  it('works with Basic, Bearer and Token credentials', async () => {
    await using index = await testIndex()
    const token = await index.token()
    const schemes = [basic(token), `Bearer ${token}`, `token ${token}`, basic(`${token}\n`)]
    for (const [version, authorization] of schemes.entries()) {
      const body = formOf(wheel('demo', `${version}`).build())
      const headers = { authorization }
      const response = await index.request('/legacy/', { method: 'POST', headers, body })
      assert.equal(response.status, 200, authorization.slice(0, 8))
    }
  })

  it('lists all that is wrong, for people and for programs', async () => {
    await using index = await testIndex()
    const built = sdist('demo', '1.0').header('Summary', 'x'.repeat(600)).build()
    built.fields.set('sha256_digest', ['0'.repeat(64)])
    built.fields.set('filetype', ['bdist_egg'])
    const people = await refused(index, formOf(built))
    assert.equal(people.status, 400)
    const lines = (await people.text()).trim().split('\n')
    assert.ok(lines.length >= 2, lines.join('\n'))
    assert.ok(people.statusText.startsWith(lines[0]!.slice(0, 60)))
    assert.match(people.statusText, new RegExp(`\\(and ${lines.length - 1} more\\)$`))
    assert.ok(people.statusText.length <= 200)

    const accept = 'application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7'
    const programs = await refused(index, formOf(built), { accept })
    assert.equal(programs.headers.get('content-type'), 'application/problem+json')
    const problem = (await programs.json()) as { errors: { detail: string }[] }
    const { errors, ...rest } = problem
    assert.deepEqual(rest, {
      title: 'Bad Request',
      status: 400,
      detail: lines.join('\n'),
      code: 'upload-refused',
    })
    assert.deepEqual(
      errors.map((error) => error.detail),
      lines,
    )
  })
})

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

describe('a form that is not an upload', () => {
  const boundary = 'multipart/form-data; boundary=x'
  const part = (name: string, value: string, more = '') =>
    `--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`

  const cases: [
    attack: string,
    body: string | Uint8Array,
    type: string,
    status: number,
    says: RegExp,
  ][] = [
    ['no form at all', '{}', 'application/json', 415, /multipart\/form-data form/],
    ['a form without a boundary', '', 'multipart/form-data', 400, /cannot be read/],
    ['an empty body', '', boundary, 400, /cannot be read/],
    ['a body cut off in a header', '--x\r\nContent-Dispo', boundary, 400, /cannot be read/],
    ['a body cut off in a value', part('name', 'de').slice(0, -2), boundary, 400, /cut off/],
    [
      'a body cut off in the file',
      part('content', 'PK\x03\x04', '; filename="demo-1.0-py3-none-any.whl"'),
      boundary,
      400,
      /cut off/,
    ],
    [
      'text that is not UTF-8',
      latin1(`${part('summary', 'caf\xe9')}--x--`),
      boundary,
      400,
      /UTF-8/,
    ],
    ['no action', `${part('name', 'demo')}--x--`, boundary, 400, /":action"/],
    [
      'the retired action submit',
      `${part(':action', 'submit')}--x--`,
      boundary,
      410,
      /file_upload/,
    ],
    ['an unknown action', `${part(':action', 'dance')}--x--`, boundary, 400, /"dance"/],
    ['nothing but an action', `${part(':action', 'file_upload')}--x--`, boundary, 400, /./],
    [
      'a field without a name',
      `--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--`,
      boundary,
      400,
      /without a name/,
    ],
    [
      'a field with a name of 5000 characters',
      `${part('n'.repeat(5000), '')}--x--`,
      boundary,
      400,
      /5000 characters/,
    ],
    [
      'two files',
      `${part('content', 'a', '; filename="a.whl"')}${part('content', 'b', '; filename="b.whl"')}--x--`,
      boundary,
      400,
      /two files/,
    ],
    [
      'a text field of 10 MB after the file',
      `${part('content', 'a', '; filename="a.whl"')}${part('description', 'x'.repeat(10e6))}--x--`,
      boundary,
      413,
      /larger than 8000000 bytes/,
    ],
    [
      'a text field of 10 MB',
      `${part('description', 'x'.repeat(10e6))}--x--`,
      boundary,
      413,
      /larger than 8000000 bytes/,
    ],
    [
      '10,001 fields',
      `${part('classifiers', 'a').repeat(10_001)}--x--`,
      boundary,
      413,
      /more than 10000 fields/,
    ],
    [
      'a field called __proto__',
      `${part('__proto__', 'x')}${part(':action', 'file_upload')}--x--`,
      boundary,
      400,
      /./,
    ],
  ]
  for (const [attack, body, type, status, says] of cases) {
    it(`is refused: ${attack}`, async () => {
      await using index = await testIndex()
      const response = await refused(index, body as BodyInit, { 'content-type': type })
      const text = await response.text()
      assert.equal(response.status, status, text)
      assert.match(text, says)
      assert.match(response.statusText, /^[\x20-\x7e]{1,200}$/)
    })
  }

  it('is refused: a file larger than the index takes, while it arrives', async () => {
    await using index = await testIndex({ rules: { maximumFileSize: 5000 } })
    const large = withBytes(good, crypto.getRandomValues(new Uint8Array(6000)))
    const response = await refused(index, formOf(large))
    assert.equal(response.status, 413)
    assert.match(await response.text(), /"demo-1\.0-py3-none-any\.whl" is larger than 5000 bytes/)
  })

  it('is refused by its Content-Length before the body is read', async () => {
    await using index = await testIndex({ rules: { maximumFileSize: 5000 } })
    const authorization = basic(await index.token())
    const response = await index.request('/legacy/', {
      method: 'POST',
      headers: { authorization, 'content-type': boundary, 'content-length': '99999999' },
      body: neverRead(),
      duplex: 'half',
    } as RequestInit)
    assert.equal(response.status, 413)
    assert.match(await response.text(), /has 99999999 bytes/)
  })
})

describe('the upload URL', () => {
  it('explains itself to people', async () => {
    await using index = await testIndex({ config: { publicUrl: 'https://pypi.example/base' } })
    const text = await (await index.request('/legacy/')).text()
    assert.match(text, /twine upload --repository-url https:\/\/pypi\.example\/base\/legacy\/ /)
  })

  it('keeps the method when its slash is missing', async () => {
    await using index = await testIndex()
    const response = await index.request('/legacy', { method: 'POST' })
    assert.deepEqual([response.status, response.headers.get('location')], [308, 'legacy/'])
  })

  it('is named to those who post elsewhere', async () => {
    await using index = await testIndex()
    for (const path of ['/', '/simple/']) {
      const response = await index.request(path, { method: 'POST' })
      assert.deepEqual([response.status, response.headers.get('allow')], [405, 'GET, HEAD'])
      assert.match(await response.text(), /Uploads go to \/legacy\//)
    }
  })
})

function neverRead(): ReadableStream {
  const fail = () => {
    throw new Error('The body was read.')
  }
  return new ReadableStream({ pull: fail }, { highWaterMark: 0 })
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}
