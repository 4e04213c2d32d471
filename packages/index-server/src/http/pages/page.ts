/** The bytes of a page and their ETag, in the encodings that are asked for: each made once, and no other kept. */
import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import * as zlib from 'node:zlib'
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
  /** Of the plain bytes. */
  readonly size: number
  /** The digest of the bytes: two processes that render the same page agree on its ETag. */
  readonly digest: string
  /** Never empty: each is made of the first. */
  readonly #forms = new Map<Encoding, Promise<Uint8Array>>()
  #isPlainWanted = false
  readonly #onGrow: (bytes: number) => void

  constructor(content: PageContent, onGrow: (bytes: number) => void) {
    this.contentType = content.contentType
    this.serial = content.serial
    this.stateKey = content.stateKey
    this.validUntil = content.validUntil ?? Number.POSITIVE_INFINITY
    this.headers = content.headers ?? {}
    const bytes = Buffer.from(content.body)
    this.#forms.set('identity', Promise.resolve(bytes))
    this.size = bytes.length
    this.digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 27)
    this.#onGrow = onGrow
  }

  /** RFC 9110, 8.8.3: each encoding of a page has an ETag of its own. */
  etag(encoding: Encoding): string {
    return encoding === 'identity' ? `"${this.digest}"` : `"${this.digest}-${encoding}"`
  }

  /** The encoding worth using: small pages are not compressed. */
  usefulEncoding(wanted: Encoding): Encoding {
    return this.size < 500 ? 'identity' : wanted
  }

  encoded(encoding: Encoding): Promise<Uint8Array> {
    this.#isPlainWanted ||= encoding === 'identity'
    const known = this.#forms.get(encoding)
    if (known) return known
    const [[form, bytes]] = this.#forms as unknown as [[Encoding, Promise<Uint8Array>]]
    const made = bytes
      .then((packed) => unpackers[form](packed))
      .then(packers[encoding])
      .then(alone)
    this.#forms.set(encoding, made)
    made.then(
      ({ length }) => this.#keep(length),
      () => this.#forms.delete(encoding),
    )
    return made
  }

  /** Installers ask for compressed pages, and plain ones are ten times their size. */
  #keep(more: number): void {
    this.#onGrow(more)
    if (!this.#isPlainWanted && this.#forms.delete('identity')) this.#onGrow(-this.size)
  }
}

/** What zlib returns may be a view of a buffer several times its size. */
function alone(bytes: Uint8Array): Uint8Array {
  return bytes.buffer.byteLength > bytes.length ? new Uint8Array(bytes) : bytes
}

const asItIs = async (bytes: Uint8Array) => bytes

const unpackers = {
  identity: asItIs,
  gzip: promisify<Uint8Array, Uint8Array>(zlib.gunzip),
  br: promisify<Uint8Array, Uint8Array>(zlib.brotliDecompress),
  zstd: promisify<Uint8Array, Uint8Array>(zlib.zstdDecompress),
}

/** On the thread pool, at levels that keep a page of megabytes below a tenth of a second. */
const packers = {
  identity: asItIs,
  gzip: (bytes: Uint8Array) =>
    isLarge(bytes) ? gzipInParallel(bytes, 3) : promisify(zlib.gzip)(bytes, { level: 6 }),
  br(bytes: Uint8Array) {
    const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = zlib.constants
    const params = {
      [BROTLI_PARAM_QUALITY]: isLarge(bytes) ? 1 : 5,
      [BROTLI_PARAM_SIZE_HINT]: bytes.length,
    }
    return promisify(zlib.brotliCompress)(bytes, { params })
  },
  zstd: (bytes: Uint8Array) =>
    promisify(zlib.zstdCompress)(bytes, {
      params: { [zlib.constants.ZSTD_c_compressionLevel]: isLarge(bytes) ? 1 : 6 },
    }),
} satisfies Record<Encoding, (bytes: Uint8Array) => Promise<Uint8Array>>

const isLarge = (bytes: Uint8Array) => bytes.length > 1e6
