import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib'
import type { Encoding } from '../negotiation.ts'
import { Page } from './page.ts'

const body = JSON.stringify(Array.from({ length: 90_000 }, (_, at) => `demo-${at}.whl`))

function page(text = body) {
  const content = { contentType: 'text/plain', serial: 1, stateKey: '1', body: text }
  let size = text.length
  const made = new Page(content, (bytes) => {
    size += bytes
  })
  return { page: made, size: () => size }
}

const unpack = {
  identity: (bytes: Uint8Array) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
}

async function read(from: Page, encoding: Encoding): Promise<string> {
  return Buffer.from(unpack[encoding](await from.encoded(encoding))).toString()
}

describe('a page', () => {
  for (const text of [body, body.slice(0, 5000)]) {
    it(`of ${text.length} bytes is the same in every encoding, whichever was asked for before`, async () => {
      for (const first of ['identity', 'gzip', 'br', 'zstd'] as const) {
        const { page: made } = page(text)
        assert.equal(await read(made, first), text)
        for (const next of ['zstd', 'br', 'identity', 'gzip'] as const) {
          assert.equal(await read(made, next), text)
        }
      }
    })
  }

  it('keeps plain bytes only for those who ask for them', async () => {
    const { page: made, size } = page()
    const packed = await made.encoded('gzip')
    assert.equal(size(), packed.length)
    await made.encoded('identity')
    const { length } = await made.encoded('br')
    assert.equal(size(), packed.length + length + body.length)
  })

  it('unpacks once for a crowd', async () => {
    const { page: made } = page()
    await made.encoded('gzip')
    const crowd = await Promise.all(Array.from({ length: 50 }, () => made.encoded('identity')))
    assert.equal(new Set(crowd).size, 1)
  })
})
