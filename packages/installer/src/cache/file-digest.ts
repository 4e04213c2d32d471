/** The digests of one file while it passes by: SHA-256 for our RECORD, and that by which the wheel's own lists it. */
import { createHash, type Hash, hash } from 'node:crypto'

/** PEP 376 rules out MD5 and SHA-1: whoever can make a wheel can make another with their digests. */
const proving: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512'])

const sha256Only = ['sha256']

export class FileDigest {
  readonly #size: number
  readonly #algorithm: string | undefined
  /** SHA-256, and then another if it is listed by that. */
  readonly #algorithms: readonly string[]
  #running: readonly Hash[] | undefined
  #digests: readonly string[] | undefined

  /** `size`: of the file, in bytes. */
  constructor(size: number, listedAlgorithm: string | undefined) {
    this.#size = size
    this.#algorithm = listedAlgorithm
    const isOther = listedAlgorithm !== 'sha256' && proving.has(listedAlgorithm ?? '')
    this.#algorithms = isOther ? ['sha256', listedAlgorithm!] : sha256Only
  }

  /** Keeps nothing of the chunk. */
  add(chunk: Uint8Array): void {
    if (this.#digests !== undefined) throw new RangeError('There is more after the last chunk.')
    // Files that come in one piece, nearly all, are hashed in one call, which takes half the time.
    if (this.#running === undefined && chunk.length === this.#size)
      this.#digests = this.#algorithms.map((name) => hash(name, chunk, 'base64url'))
    else for (const running of this.#hashes()) running.update(chunk)
  }

  /** In URL-safe base64, as in RECORD; ask after the last chunk. */
  get sha256(): string {
    return this.#finish()[0]!
  }

  /** By the algorithm that RECORD names; undefined when that proves nothing. */
  get listed(): string | undefined {
    return proving.has(this.#algorithm ?? '') ? this.#finish().at(-1) : undefined
  }

  #finish(): readonly string[] {
    this.#digests ??= this.#hashes().map((running) => running.digest('base64url'))
    return this.#digests
  }

  #hashes(): readonly Hash[] {
    this.#running ??= this.#algorithms.map((name) => createHash(name))
    return this.#running
  }
}
