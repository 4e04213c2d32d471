/** The bytes of a page, with their ETag and their compressed forms made when first asked for. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import type { Encoding } from '../negotiation.ts'
import { gzipInParallel } from './gzip-segments.ts'

export interface PageContent {
  contentType: string
  /** The serial of what the page shows. */
  serial: number
  /** Equal to an earlier one only if the page is the same. */
  stateKey: string
  /** Milliseconds; from then on it has to be made again. */
  validUntil?: number
  /** Besides those that every page has. */
  headers?: Readonly<Record<string, string>>
  body: string
}

export class Page {
  readonly contentType: string
  readonly serial: number
  readonly stateKey: string
  readonly validUntil: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
  /** The digest of the bytes: two processes that render the same page agree on its ETag. */
  readonly digest: string
  readonly #encoded = new Map<Encoding, Promise<Uint8Array>>()
  readonly #onGrow: (bytes: number) => void

  constructor(content: PageContent, onGrow: (bytes: number) => void) {
    this.contentType = content.contentType
    this.serial = content.serial
    this.stateKey = content.stateKey
    this.validUntil = content.validUntil ?? Number.POSITIVE_INFINITY
    this.headers = content.headers ?? {}
    this.bytes = Buffer.from(content.body)
    this.digest = createHash('sha256').update(this.bytes).digest('base64url').slice(0, 27)
    this.#onGrow = onGrow
  }

  /** RFC 9110, 8.8.3: each encoding of a page has an ETag of its own. */
  etag(encoding: Encoding): string {
    return encoding === 'identity' ? `"${this.digest}"` : `"${this.digest}-${encoding}"`
  }

  /** The encoding worth using: small pages are not compressed. */
  usefulEncoding(wanted: Encoding): Encoding {
    return this.bytes.length < 500 ? 'identity' : wanted
  }

  encoded(encoding: Encoding): Promise<Uint8Array> {
    const known = this.#encoded.get(encoding)
    if (known) return known
    const made = compress(this.bytes, encoding)
    this.#encoded.set(encoding, made)
    made.then(
      (bytes) => encoding === 'identity' || this.#onGrow(bytes.length),
      () => this.#encoded.delete(encoding),
    )
    return made
  }
}

/** On the thread pool, at levels that keep a page of megabytes below a tenth of a second. */
async function compress(bytes: Uint8Array, encoding: Encoding): Promise<Uint8Array> {
  const isLarge = bytes.length > 1e6
  switch (encoding) {
    case 'identity':
      return bytes
    case 'gzip':
      return isLarge ? gzipInParallel(bytes, 3) : promisify(gzip)(bytes, { level: 6 })
    case 'br': {
      const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants
      const params = {
        [BROTLI_PARAM_QUALITY]: isLarge ? 1 : 5,
        [BROTLI_PARAM_SIZE_HINT]: bytes.length,
      }
      return promisify(brotliCompress)(bytes, { params })
    }
    case 'zstd':
      return promisify(zstdCompress)(bytes, {
        params: { [constants.ZSTD_c_compressionLevel]: isLarge ? 1 : 6 },
      })
  }
}
