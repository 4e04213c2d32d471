import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { gzipInParallel, gzipOf, makeSegment, readSegment } from './gzip-segments.ts'

describe('bytes compressed piece by piece', () => {
  it('is one gzip stream that unpacks to all of it, whatever the pieces', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constant('é'.repeat(70_000)),
    )
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), (texts) => {
        const segments = texts.map(makeSegment)
        // gunzip checks the CRC and the size at the end of the stream.
        assert.equal(gunzipSync(Buffer.concat(gzipOf(segments))).toString(), texts.join(''))
      }),
      { numRuns: 60 },
    )
  })

  it('gives back the text of each piece', () => {
    assert.equal(readSegment(makeSegment('{"name":"é"}')).toString(), '{"name":"é"}')
    assert.equal(readSegment(makeSegment('')).toString(), '')
  })

  it('may be made in parallel', async () => {
    for (const size of [0, 10, 1_000_000, 3_456_789]) {
      const bytes = Buffer.alloc(size, 'a line that repeats itself\n')
      assert.deepEqual(gunzipSync(await gzipInParallel(bytes, 3)), bytes)
    }
  })
})
