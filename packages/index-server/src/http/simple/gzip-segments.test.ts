import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gunzipSync } from 'node:zlib'
import fc from 'fast-check'
import { gzipOf, makeSegment, readSegment } from './gzip-segments.ts'

describe('text compressed piece by piece', () => {
  it('is one gzip stream that unpacks to all of it, whatever the pieces', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constant('é'.repeat(70_000)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), async (texts) => {
        const segments = await Promise.all(texts.map(makeSegment))
        // gunzip checks the CRC and the size at the end of the stream.
        assert.equal(gunzipSync(Buffer.concat(gzipOf(segments))).toString(), texts.join(''))
      }),
      { numRuns: 60 },
    )
  })

  it('gives back the text of each piece', async () => {
    assert.equal((await readSegment(await makeSegment('{"name":"é"}'))).toString(), '{"name":"é"}')
    assert.equal((await readSegment(await makeSegment(''))).toString(), '')
  })
})
