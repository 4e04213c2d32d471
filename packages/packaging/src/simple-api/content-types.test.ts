import assert from 'node:assert/strict'
import { test } from 'node:test'
import { negotiateSimple, type SimpleFormat } from './content-types.ts'

const v1Json = 'application/vnd.pypi.simple.v1+json'
const v1Html = 'application/vnd.pypi.simple.v1+html'

const accepted: [accept: string | null, answer: SimpleFormat | undefined][] = [
  [null, 'legacy-html'],
  ['', 'legacy-html'],
  ['*/*', 'legacy-html'],
  ['text/html', 'legacy-html'],
  ['text/*', 'legacy-html'],
  ['text/html; charset=utf-8', 'legacy-html'],
  [v1Json, 'json'],
  [v1Json.toUpperCase(), 'json'],
  [v1Html, 'html'],
  ['application/vnd.pypi.simple.latest+json', 'json'],
  ['application/vnd.pypi.simple.latest+html', 'html'],
  // As pip, uv and browsers send it.
  [`${v1Json}, ${v1Html}; q=0.1, text/html; q=0.01`, 'json'],
  [`${v1Json}, ${v1Html};q=0.2, text/html;q=0.01`, 'json'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'legacy-html'],
  // Equally good by name: the newest form. By wildcard: the oldest.
  [`text/html, ${v1Json}`, 'json'],
  [`*/*, ${v1Json}`, 'json'],
  ['application/*', 'html'],
  [`${v1Json};q=0.5, */*;q=0.5`, 'json'],
  [`${v1Json};q=0.5, */*`, 'legacy-html'],
  // The most specific range decides, even when it says no.
  ['text/html;q=0, */*', 'html'],
  [`${v1Json};q=0`, undefined],
  ['application/json', undefined],
  ['application/vnd.pypi.simple.v2+json', undefined],
  [`application/vnd.pypi.simple.v2+json, ${v1Html};q=0.1`, 'html'],
  ['image/png', undefined],
  ['text/html;q=nonsense', undefined],
  [',,,', undefined],
]

test('the form of a page follows the Accept header', () => {
  for (const [accept, answer] of accepted)
    assert.equal(negotiateSimple(accept), answer, String(accept))
})

test('the format parameter wins over the header, with its plus decoded as a space or not', () => {
  assert.equal(negotiateSimple('text/html', v1Json), 'json')
  assert.equal(negotiateSimple(v1Json, 'text/html'), 'legacy-html')
  assert.equal(negotiateSimple(v1Json, v1Html.replace('+', ' ')), 'html')
  assert.equal(negotiateSimple(v1Json, 'application/json'), undefined)
  assert.equal(negotiateSimple(v1Json, ''), 'json')
})
