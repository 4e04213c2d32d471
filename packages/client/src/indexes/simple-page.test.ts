import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ClientError } from '../client-error.ts'
import { jsonPage } from '../testing/opened.ts'
import { readSimplePage, readSimplePageInTurns } from './simple-page.ts'

const url = new URL('https://index.example/simple/demo/?token=hush')
const read = (body: string | Buffer, contentType: string) =>
  readSimplePage({ url, contentType, body: Buffer.from(body as string) }).files.length

const v1 = 'application/vnd.pypi.simple.v1'
const json = jsonPage()
const html = '<!DOCTYPE html><a href="demo-1.0.tar.gz">x</a>'

for (const [name, body, contentType] of [
  ['JSON as JSON', json, `${v1}+json`],
  ['HTML as HTML', html, `${v1}+html`],
  ['HTML that claims to be JSON', html, `${v1}+json`],
  ['JSON that claims to be HTML', json, 'text/html'],
  ['JSON as plain text', json, 'text/plain'],
  ['HTML without a type', html, ''],
  ['HTML as bytes', html, 'application/octet-stream'],
  ['HTML after white space', `\n\n  ${html}`, 'text/html'],
  ['JSON after a byte order mark', `\ufeff${json}`, 'application/json'],
  ['a fragment of HTML', '<a href=demo-1.0.tar.gz>', 'text/html'],
  ['a later minor version', jsonPage(undefined, { meta: { 'api-version': '1.99' }, new: {} }), v1],
] as const) {
  test(`${name} is read`, () => assert.equal(read(body, contentType), 1))
}

test('an empty page of HTML has no files', () => assert.equal(read('', 'text/html'), 0))

for (const [name, body, contentType, code] of [
  ['garbage', '\x00\x01\x02', 'text/html', 'bad-page'],
  ['a sentence', 'It works!', 'text/html', 'bad-page'],
  ['nothing as JSON', '', `${v1}+json`, 'bad-page'],
  ['broken JSON', '{"files": [', `${v1}+json`, 'bad-page'],
  ['JSON of another kind', '{"error": "x"}', 'application/json', 'bad-page'],
  [
    'a later major version',
    jsonPage(undefined, { meta: { 'api-version': '2.0' } }),
    v1,
    'bad-page',
  ],
  ['a later type', html, 'application/vnd.pypi.simple.v2+html', 'bad-page'],
  ['a page to sign in', '<form><input name=p type="password"></form>', 'text/html', 'unauthorized'],
] as const) {
  test(`${name} is refused, with the URL and without its token`, () => {
    assert.throws(
      () => read(body, contentType),
      (error) => {
        assert.ok(error instanceof ClientError)
        assert.equal(error.code, code)
        assert.match(error.message, /^https:\/\/index\.example\/simple\/demo\/\?token=\*\*\*\*/)
        return true
      },
    )
  })
}

test('no bytes make it throw anything else', () => {
  const types = fc.constantFrom('text/html', `${v1}+json`, `${v1}+html`, '')
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom('', '{', '<'),
      types,
      (bytes, start, type) => {
        const body = Buffer.concat([Buffer.from(start), bytes])
        try {
          readSimplePage({ url, contentType: type, body })
        } catch (error) {
          assert.ok(error instanceof ClientError)
        }
      },
    ),
  )
})

test('others have their turn while a large page is read', async () => {
  const body = Buffer.from('&'.repeat(2_000_000))
  let turns = 0
  let isRead = false
  const reading = readSimplePageInTurns({
    url,
    contentType: 'text/html',
    body: Buffer.concat([Buffer.from('<p>'), body]),
  }).finally(() => {
    isRead = true
  })
  while (!isRead) {
    await new Promise((resolve) => setImmediate(resolve))
    turns++
  }
  assert.deepEqual((await reading).files, [])
  assert.ok(turns > 3, `only ${turns} turns`)
})
