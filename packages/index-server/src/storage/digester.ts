/** The three digests an index publishes of a file, computed as its bytes pass by. */
import { createHash } from 'node:crypto'
import { createBLAKE2b, type IHasher } from 'hash-wasm'
import type { Digests } from './blob-store.ts'

/** Ended hashers wait here: each one is a WebAssembly instance, dear to make. */
const idle: IHasher[] = []
const MOST_IDLE = 16

export class Digester {
  readonly #sha256 = createHash('sha256')
  readonly #md5 = createHash('md5')
  #blake2b: IHasher | undefined

  private constructor(blake2b: IHasher) {
    this.#blake2b = blake2b.init()
  }

  static async create(): Promise<Digester> {
    // OpenSSL has BLAKE2b with 512 bits only; the first 256 of those are another digest.
    return new Digester(idle.pop() ?? (await createBLAKE2b(256)))
  }

  update(chunk: Uint8Array): void {
    this.#sha256.update(chunk)
    this.#md5.update(chunk)
    this.#blake2b!.update(chunk)
  }

  /** Ends the hashing; call it once. */
  digests(): Digests {
    const digests = {
      sha256: this.#sha256.digest('hex'),
      blake2b_256: this.#blake2b!.digest('hex'),
      md5: this.#md5.digest('hex'),
    }
    this.discard()
    return digests
  }

  /** Gives up; safe to call at any time, also twice. */
  discard(): void {
    if (this.#blake2b && idle.length < MOST_IDLE) idle.push(this.#blake2b)
    this.#blake2b = undefined
  }
}
