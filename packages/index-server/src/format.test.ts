import assert from 'node:assert/strict'
import { it } from 'node:test'
import { formatBytes, formatCount, formatDate, plural } from './format.ts'

it('writes numbers, sizes and dates as people read them', () => {
  const sizes: [bytes: number, text: string][] = [
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1.0 kB'],
    [1_234_567, '1.2 MB'],
    [56_000_000, '56 MB'],
    [7.2e12, '7.2 TB'],
    [3e18, '3000 PB'],
  ]
  for (const [bytes, text] of sizes) assert.equal(formatBytes(bytes), text)
  assert.equal(formatCount(2_877_545), '2,877,545')
  assert.equal(formatDate('2026-01-02T23:59:59.000Z'), 'Jan 2, 2026')
  assert.deepEqual([plural(1, 'file'), plural(0, 'file')], ['1 file', '0 files'])
})
