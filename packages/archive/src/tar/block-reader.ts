/** Pulls exact amounts of bytes out of a stream of chunks; nothing is read before it is asked for. */
import { InvalidArchive } from '../invalid-archive.ts'

export const blockSize = 512

export class BlockReader {
  /** Bytes handed out so far. */
  position = 0
  readonly #chunks: AsyncIterator<Uint8Array>
  #rest: Buffer = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Exactly `size` bytes; undefined if there are none at all; throws if there are fewer. */
  async take(size: number): Promise<Buffer | undefined> {
    if (this.#rest.length === 0 && !(await this.#more())) return undefined
    if (this.#rest.length >= size) return this.#cut(size)
    const parts: Buffer[] = []
    for (let left = size; left > 0; left -= parts.at(-1)!.length) parts.push(await this.some(left))
    return Buffer.concat(parts)
  }

  /** Between one and `most` bytes, without copying; throws at the end. */
  async some(most: number): Promise<Buffer> {
    if (this.#rest.length === 0 && !(await this.#more())) {
      const message = `The tar archive ends too early, after ${this.position} bytes.`
      throw new InvalidArchive('truncated', message)
    }
    return this.#cut(most)
  }

  async skip(size: number): Promise<void> {
    for (let left = size; left > 0; ) left -= (await this.some(left)).length
  }

  /** Whatever comes next, or undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    if (this.#rest.length === 0 && !(await this.#more())) return undefined
    return this.#cut(this.#rest.length)
  }

  /** Lets go of the source before its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }

  #cut(most: number): Buffer {
    const cut = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(cut.length)
    this.position += cut.length
    return cut
  }

  async #more(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { done, value } = await this.#chunks.next()
      if (done) return false
      this.#rest = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
    }
    return true
  }
}
