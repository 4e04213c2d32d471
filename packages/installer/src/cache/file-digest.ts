/** The digests of one file while it passes by: SHA-256 for our RECORD, and that by which the wheel's own lists it. */
import { createHash, type Hash, hash } from 'node:crypto'

/** PEP 376 rules out MD5 and SHA-1: whoever can make a wheel can make another with their digests. */
const proving: ReadonlySet<string> = new Set(['sha256', 'sha384', 'sha512'])

export class FileDigest {
  readonly #size: number
  readonly #algorithm: string | undefined
  #start = ''
  #running: ReadonlyMap<string, Hash> | undefined
  #digests: ReadonlyMap<string, string> | undefined

  /** `size`: of the file, in bytes. */
  constructor(size: number, listedAlgorithm: string | undefined) {
    this.#size = size
    this.#algorithm = listedAlgorithm
  }

  /** Keeps nothing of the chunk. */
  add(chunk: Uint8Array): void {
    if (this.#digests !== undefined) throw new RangeError('There is more after the last chunk.')
    if (this.#running === undefined) this.#start = startOf(chunk)
    // Files that come in one piece, nearly all, are hashed in one call, which takes half the time.
    const isWhole = this.#running === undefined && chunk.length === this.#size
    if (isWhole) this.#digests = this.#each((name) => hash(name, chunk, 'base64url'))
    else for (const running of this.#hashes().values()) running.update(chunk)
  }

  /** In URL-safe base64, as in RECORD; ask after the last chunk. */
  get sha256(): string {
    return this.#finish().get('sha256')!
  }

  /** By the algorithm that RECORD names; undefined when that proves nothing. */
  get listed(): string | undefined {
    return this.#algorithm === undefined ? undefined : this.#finish().get(this.#algorithm)
  }

  /** The beginning of the file, as Latin-1. */
  get start(): string {
    return this.#start
  }

  #finish(): ReadonlyMap<string, string> {
    this.#digests ??= new Map(
      [...this.#hashes()].map(([name, running]) => [name, running.digest('base64url')]),
    )
    return this.#digests
  }

  #hashes(): ReadonlyMap<string, Hash> {
    this.#running ??= this.#each((name) => createHash(name))
    return this.#running
  }

  #each<Value>(make: (algorithm: string) => Value): Map<string, Value> {
    const values = new Map([['sha256', make('sha256')]])
    const other = this.#algorithm
    if (other !== undefined && other !== 'sha256' && proving.has(other))
      values.set(other, make(other))
    return values
  }
}

function startOf(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(16, chunk.length)).toString('latin1')
}
