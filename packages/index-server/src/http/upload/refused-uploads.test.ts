import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sdist, wheel } from '@cheeseshop/testing'
import { everything, withBytes } from '../../testing/catalog.ts'
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

describe('an upload that is refused', () => {
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
    ['a boundary that goes on', `${part('a', 'b')}--x-\r\n--x--`, boundary, 400, /goes on as none/],
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
})

function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}
