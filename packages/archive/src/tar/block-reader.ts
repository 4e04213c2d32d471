/** Pulls exact amounts of bytes out of a stream of chunks; nothing is read before it is asked for. */
import { InvalidArchive } from '../invalid-archive.ts'

export const blockSize = 512

/** What the walk through an archive reads from: only bytes that are here already. */
export interface Blocks {
  /** Bytes handed out so far. */
  readonly position: number
  /** How many bytes are here. */
  readonly ready: number
  /** None come after those that are here. */
  readonly isAtEnd: boolean
  /** Exactly `size` bytes, which are here. */
  take(size: number): Buffer
  /** Passes by up to `most` of the bytes that are here; returns how many. */
  skip(most: number): number
}

/** Only `more` waits: an archive has thousands of small members, and a promise for each step takes longer than the step. */
export class BlockReader implements Blocks {
  /** Bytes handed out so far. */
  position = 0
  /** How many bytes are here. */
  ready = 0
  /** None come after those that are here. */
  isAtEnd = false
  readonly #chunks: AsyncIterator<Uint8Array>
  readonly #parts: Buffer[] = []
  /** How much of the first part is gone. */
  #gone = 0

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Brings more bytes here, or the end; throws when that is known already. */
  async more(): Promise<void> {
    if (this.isAtEnd) throw endsTooEarly(this)
    this.#keepRest()
    const { done, value } = await this.#chunks.next()
    if (done) this.isAtEnd = true
    else if (value.length > 0) {
      this.#parts.push(Buffer.from(value.buffer, value.byteOffset, value.byteLength))
      this.ready += value.length
    }
  }

  /** Exactly `size` bytes, which are here. */
  take(size: number): Buffer {
    const first = this.#parts[0]
    if (first !== undefined && size <= first.length - this.#gone) return this.some(size)
    const taken = Buffer.allocUnsafe(size)
    for (let at = 0; at < size; ) at += this.some(size - at).copy(taken, at)
    return taken
  }

  /** Up to `most` of the bytes that are here, without copying; none only if none are here. */
  some(most: number): Buffer {
    const first = this.#parts[0]
    if (first === undefined) return Buffer.alloc(0)
    const start = this.#gone
    return first.subarray(start, start + this.#pass(first, most))
  }

  /** Passes by up to `most` of the bytes that are here; returns how many. */
  skip(most: number): number {
    let skipped = 0
    while (skipped < most && this.ready > 0) skipped += this.#pass(this.#parts[0]!, most - skipped)
    return skipped
  }

  /** The source may give the memory of its last chunk away now. */
  #keepRest(): void {
    const rest = this.#parts.map((part, at) =>
      Buffer.from(at === 0 ? part.subarray(this.#gone) : part),
    )
    this.#parts.splice(0, rest.length, ...rest)
    this.#gone = 0
  }

  #pass(first: Buffer, most: number): number {
    const size = Math.min(most, first.length - this.#gone)
    this.#gone += size
    if (this.#gone === first.length) {
      this.#parts.shift()
      this.#gone = 0
    }
    this.ready -= size
    this.position += size
    return size
  }

  /** Lets go of the source before its end. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}

export function endsTooEarly({ position, ready }: Blocks): InvalidArchive {
  const message = `The tar archive ends too early, after ${position + ready} bytes.`
  return new InvalidArchive('truncated', message)
}
