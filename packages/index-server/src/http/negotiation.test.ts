import assert from 'node:assert/strict'
import { it } from 'node:test'
import { bestEncoding, bestType } from './negotiation.ts'

it('chooses the encoding a client accepts', () => {
  const cases: [header: string | undefined, encoding: string][] = [
    [undefined, 'identity'],
    ['', 'identity'],
    ['gzip, deflate', 'gzip'],
    ['gzip, deflate, br', 'br'],
    ['gzip, deflate, br, zstd', 'zstd'],
    ['GZIP', 'gzip'],
    ['*', 'zstd'],
    ['*;q=0.1, gzip', 'gzip'],
    ['zstd;q=0, *', 'br'],
    ['gzip;q=0.5, br;q=0.9', 'br'],
    ['gzip;q=0', 'identity'],
    ['gzip;q=0.2, identity;q=0.8', 'identity'],
    ['gzip;q=banana', 'identity'],
    ['deflate, x-gzip', 'identity'],
    [',;,;q=1,', 'identity'],
  ]
  for (const [header, encoding] of cases) assert.equal(bestEncoding(header), encoding, `${header}`)
  assert.equal(bestEncoding('br, gzip', ['gzip']), 'gzip')
})

it('chooses the type a client likes best, the first when it does not care', () => {
  const offers = ['text/plain', 'application/json', 'text/html'] as const
  const cases: [header: string | undefined, type: string][] = [
    [undefined, 'text/plain'],
    ['*/*', 'text/plain'],
    ['application/json', 'application/json'],
    ['application/*', 'application/json'],
    ['text/*;q=0.5, application/json;q=0.6', 'application/json'],
    ['text/html, */*;q=0.1', 'text/html'],
    ['image/png', 'text/plain'],
    ['application/json;q=0.9, text/plain;q=0.8, text/html;q=0.7', 'application/json'],
  ]
  for (const [header, type] of cases) assert.equal(bestType(header, offers), type, `${header}`)
})
