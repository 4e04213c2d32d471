import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { PageUrls } from './page-urls.ts'

const bases = [
  'https://index.example/simple/demo/',
  'https://user@host:443/a/b?c=d',
  'file:///srv/',
]

/** Parts that resolving treats in its own way, and plain ones between them. */
const parts = [
  ...['https://', 'HTTP://', 'https:/', 'files.example', 'EXAMPLE', '1.2', '0x7f.1', 'user:p@h'],
  ...[
    ':443',
    ':80',
    '/',
    '//',
    '\\',
    '..',
    '.',
    '../',
    './',
    '%2e',
    '%41',
    'packages',
    'a-1.0.whl',
  ],
  ...['?q=1', '#sha256=00', ' ', '\t', 'é', '|', 'x+y', '!', '~', 'javascript:', 'data:,'],
]

test('a URL of a page reads as the URL standard resolves it', () => {
  const written = fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((all) => all.join(''))
  const check = (base: string, values: string[]) => {
    const urls = new PageUrls(base)
    for (const value of values) {
      const wanted = value === '' ? undefined : URL.parse(value, base)?.href
      assert.equal(urls.read(value), wanted, `${JSON.stringify(value)} on ${base}`)
    }
  }
  fc.assert(fc.property(fc.constantFrom(...bases), fc.array(written), check), { numRuns: 2000 })
})

test('a host of nothing but a tab is no host', () => {
  const urls = new PageUrls('https://index.example/simple/demo/')
  assert.equal(urls.read('https://\t/a-1.0.whl'), 'https://a-1.0.whl/')
})
