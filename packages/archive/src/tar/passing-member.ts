/** One member of a tar archive whose bytes are here, or come without waiting. */
import { mostAtOnce, type PassingReader } from './passing-reader.ts'
import { goneBy, type MemberFacts, refuseLarger, WalkedMember } from './tar-member.ts'

/** As `TarMember`; a chunk of it is good only until the next one, or the next member, is asked for. */
export interface PassingMember extends MemberFacts {
  /** All bytes, in memory of their own. Throws InvalidArchive if there are more than `limit`. */
  bytes(limit: number): Uint8Array
  /** The bytes, of large ones in several chunks. */
  chunks(): Iterable<Uint8Array>
}

export class PresentMember extends WalkedMember implements PassingMember {
  readonly #reader: PassingReader

  constructor(facts: MemberFacts, reader: PassingReader) {
    super(facts)
    this.#reader = reader
  }

  bytes(limit: number): Uint8Array {
    refuseLarger(this, limit)
    return Buffer.concat(Array.from(this.chunks(), (chunk) => Buffer.from(chunk)))
  }

  chunks(): Iterable<Uint8Array> {
    if (this.left !== this.size) throw goneBy(this.name)
    if (this.size === 0) return []
    return this.size <= mostAtOnce ? [this.#next()] : this.#pieces()
  }

  *#pieces(): Generator<Uint8Array, void, undefined> {
    while (this.left > 0) yield this.#next()
  }

  #next(): Uint8Array {
    if (this.passed) throw goneBy(this.name)
    const size = Math.min(this.left, mostAtOnce)
    while (this.#reader.ready < size) this.#reader.more()
    this.left -= size
    return this.#reader.take(size)
  }
}
