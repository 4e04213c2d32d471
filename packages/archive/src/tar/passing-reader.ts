/** Reads an archive in one piece of memory, from which everything passes by: nothing of it is kept, and nobody waits. */
import type { Fill } from '../present-engine.ts'
import { type Blocks, endsTooEarly } from './block-reader.ts'

/** Less than the caches of a core hold: whatever passes by is unpacked, hashed and written from there. */
export const mostAtOnce = 512 * 1024

export class PassingReader implements Blocks, Disposable {
  position = 0
  isAtEnd = false
  readonly #fill: Fill
  #memory = Buffer.allocUnsafeSlow(mostAtOnce)
  /** What is here lies between. */
  #start = 0
  #end = 0

  constructor(fill: Fill) {
    this.#fill = fill
  }

  get ready(): number {
    return this.#end - this.#start
  }

  /** Brings more bytes here, or the end; throws when that is known already. What was handed out is gone. */
  more(): void {
    if (this.isAtEnd) throw endsTooEarly(this)
    if (this.#start > 0) this.#memory.copyWithin(0, this.#start, this.#end)
    this.#end -= this.#start
    this.#start = 0
    if (this.#end === this.#memory.length) this.#grow()
    const added = this.#fill(this.#memory.subarray(this.#end))
    this.#end += added
    this.isAtEnd = added === 0
  }

  take(size: number): Buffer {
    const start = this.#start
    return this.#memory.subarray(start, start + this.skip(size))
  }

  skip(most: number): number {
    const size = Math.min(most, this.ready)
    this.#start += size
    this.position += size
    return size
  }

  /** Only what stands before a member can need it. */
  #grow(): void {
    const { buffer } = this.#memory
    this.#memory = Buffer.from(buffer.transfer(2 * buffer.byteLength))
  }

  /** Gives the memory back. */
  [Symbol.dispose](): void {
    this.#memory.buffer.transfer(0)
  }
}
