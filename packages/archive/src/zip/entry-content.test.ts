/** The rules for packed data, each broken by one lie. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { deflateRawSync } from 'node:zlib'
import { bytesSource, checkZipFraming } from '../mod.ts'
import { craftZip, zip64Extra } from './craft-zip.fixture.ts'
import { one, reported } from './rule.fixture.ts'

describe('contents', () => {
  const hello = deflateRawSync('hello')
  const long = deflateRawSync('hello'.repeat(10))
  reported('have the CRC', one({ both: { crc: 1 } }), 'bad-crc')
  reported('are not longer than the size', one({ data: long, both: { size: 9 } }), 'size-mismatch')
  reported(
    'are not longer than the size in ZIP64',
    one({ data: long, both: { size: 0xffffffff, extra: zip64Extra(9) } }),
    'size-mismatch',
  )
  reported('are not longer than nothing', one({ both: { size: 0 } }), 'size-mismatch')
  reported('are not shorter than the size', one({ both: { size: 6 } }), 'size-mismatch')
  reported(
    'fill the packed data',
    one({ data: Buffer.concat([hello, Buffer.from('!')]) }),
    'size-mismatch',
  )
  reported('are whole', one({ data: hello.subarray(0, -1) }), 'bad-data')
  reported('are deflated when they say so', one({ data: Buffer.from('no deflate') }), 'bad-data')

  test('are not unpacked by the framing check', async () => {
    const wrongCrc = craftZip(one({ both: { crc: 1 } }))
    assert.deepEqual(await checkZipFraming(bytesSource(wrongCrc)), [])
    const problems = await checkZipFraming(
      bytesSource(craftZip(one({ after: Buffer.from('gap') }))),
    )
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['gap'],
    )
  })
})
