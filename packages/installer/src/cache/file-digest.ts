/** The digests of one file while it passes by: SHA-256 for our RECORD, and that by which the wheel's own lists it. */
import { createHash, type Hash, hash } from 'node:crypto'

/** PEP 376 rules out MD5 and SHA-1: whoever can make a wheel can make another with their digests. */
const proving: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512'])

export class FileDigest {
  readonly #algorithm: string | undefined
  #first: Uint8Array | undefined
  #sha256: Hash | undefined
  #other: Hash | undefined
  #digest: string | undefined

  constructor(listedAlgorithm: string | undefined) {
    this.#algorithm = listedAlgorithm
  }

  add(chunk: Uint8Array): void {
    if (this.#first === undefined) {
      this.#first = chunk
      return
    }
    if (this.#sha256 === undefined) this.#start(this.#first)
    this.#sha256!.update(chunk)
    this.#other?.update(chunk)
  }

  /** In URL-safe base64, as in RECORD; ask after the last chunk. */
  get sha256(): string {
    this.#digest ??= this.#sha256?.digest('base64url') ?? hash('sha256', this.#whole(), 'base64url')
    return this.#digest
  }

  /** By the algorithm that RECORD names; undefined when that proves nothing. */
  get listed(): string | undefined {
    if (this.#algorithm === 'sha256') return this.sha256
    if (this.#algorithm === undefined || !proving.has(this.#algorithm)) return undefined
    return this.#other?.digest('base64url') ?? hash(this.#algorithm, this.#whole(), 'base64url')
  }

  /** The beginning of the file, as Latin-1. */
  get start(): string {
    return Buffer.from(this.#whole().subarray(0, 16)).toString('latin1')
  }

  /** Files that come in one piece, nearly all, are hashed in one call, which takes half the time. */
  #start(first: Uint8Array): void {
    this.#sha256 = createHash('sha256').update(first)
    if (this.#algorithm !== 'sha256' && this.#algorithm && proving.has(this.#algorithm))
      this.#other = createHash(this.#algorithm).update(first)
  }

  #whole(): Uint8Array {
    return this.#first ?? new Uint8Array()
  }
}
