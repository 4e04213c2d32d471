/** One member of a tar archive, readable while it is the current one. */
import { InvalidArchive } from '../invalid-archive.ts'
import { type BlockReader, blockSize } from './block-reader.ts'

/** A file, folder or link in a tar archive. Its bytes can be read until the next one is asked for. */
export interface TarMember {
  /** The path, plain: no "./" before it, no slash after it. */
  readonly name: string
  /** Bytes; 0 for all but files. */
  readonly size: number
  /** Permission bits. */
  readonly mode: number
  readonly modified: Date
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink'
  /** Where a link leads: from its own folder for a symlink, from the root for a hard link. */
  readonly linkName?: string
  /** All bytes. Throws InvalidArchive if there are more than `limit` (64 MiB unless given). */
  bytes(limit?: number): Promise<Uint8Array>
  /** The bytes in chunks, read as they are asked for. */
  stream(): AsyncIterable<Uint8Array>
}

export type MemberFacts = Omit<TarMember, 'bytes' | 'stream'>

const bytesLimit = 64 * 2 ** 20

/** What is known of a member while the walk is at it. */
export class WalkedMember implements MemberFacts {
  readonly name: string
  readonly size: number
  readonly mode: number
  readonly modified: Date
  readonly type: TarMember['type']
  readonly linkName?: string
  protected left: number
  protected passed = false

  constructor(facts: MemberFacts) {
    this.name = facts.name
    this.size = facts.size
    this.mode = facts.mode
    this.modified = facts.modified
    this.type = facts.type
    if (facts.linkName !== undefined) this.linkName = facts.linkName
    this.left = facts.size
  }

  /** For the walk, when the next member is asked for: how many bytes lie before its header, padding among them. */
  pass(): number {
    this.passed = true
    return this.left + padding(this.size)
  }
}

export class CurrentMember extends WalkedMember implements TarMember {
  readonly #reader: BlockReader

  constructor(facts: MemberFacts, reader: BlockReader) {
    super(facts)
    this.#reader = reader
  }

  async bytes(limit = bytesLimit): Promise<Uint8Array> {
    refuseLarger(this, limit)
    // Copied as they come: a chunk may be gone when the next one is there.
    return Buffer.concat(await Array.fromAsync(this.stream(), (chunk) => Buffer.from(chunk)))
  }

  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.left !== this.size) throw goneBy(this.name)
    while (this.left > 0) {
      if (this.passed) throw goneBy(this.name)
      if (this.#reader.ready === 0) await this.#reader.more()
      else yield this.#some()
    }
  }

  #some(): Uint8Array {
    const chunk = this.#reader.some(this.left)
    this.left -= chunk.length
    return chunk
  }
}

export function refuseLarger({ name, size }: MemberFacts, limit: number): void {
  if (size <= limit) return
  const message = `The member has ${size} bytes; at most ${limit} are read at once.`
  throw new InvalidArchive('entry-too-large', message, name)
}

export function goneBy(name: string): Error {
  return new Error(`The bytes of ${name} have gone by; read each member once, in order.`)
}

/** Data fills whole blocks. */
export function padding(size: number): number {
  return (blockSize - (size % blockSize)) % blockSize
}
