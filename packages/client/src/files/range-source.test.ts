import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseContentRange, strongEtag } from './range-source.ts'

test('Content-Range is read, and what makes no sense is not', () => {
  assert.deepEqual(parseContentRange('bytes 5-9/20'), { start: 5, end: 10, size: 20 })
  for (const value of [
    undefined,
    '',
    'bytes 5-9/*',
    'bytes 9-5/20',
    'bytes 5-20/20',
    'items 1-2/3',
  ]) {
    assert.equal(parseContentRange(value), undefined)
  }
})

test('only strong tags go with ranges', () => {
  assert.equal(strongEtag('"a"'), '"a"')
  for (const value of ['W/"a"', '', undefined]) assert.equal(strongEtag(value), undefined)
})
