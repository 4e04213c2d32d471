/** What stands behind the body of an entry: in memory already, or read when it is wanted. */
import { blockChecksums, checksum } from './checksum.ts'
import { remove } from './entry-files.ts'

/** Bytes that stay on the disk until they are wanted. */
export interface StoredBytes {
  readonly size: number
  /** No checksum covers parts: whoever reads them has his own. */
  read(start: number, end: number): Buffer
  readAll(): Buffer
  /** To be called by whoever finds them damaged: the entry is removed. */
  fail(): never
}

/** The next run asks the index anew. */
export class DamagedCacheEntry extends Error {
  override readonly name = 'DamagedCacheEntry'
  readonly hint = 'it is removed now: run the command again'
}

/** The rest of a small entry. It is compared with its checksum when it is first read, unless it was before. */
export class RestInMemory implements StoredBytes {
  readonly #bytes: Buffer
  /** Not compared yet. */
  #sum: number | undefined
  readonly #path: string

  constructor(bytes: Buffer, path = '', sum?: number) {
    this.#bytes = bytes
    this.#path = path
    this.#sum = sum
  }

  get size(): number {
    return this.#bytes.length
  }

  read(start: number, end: number): Buffer {
    return this.readAll().subarray(start, end)
  }

  readAll(): Buffer {
    if (this.#sum !== undefined && restChecksum(this.#bytes) !== this.#sum) this.fail()
    this.#sum = undefined
    return this.#bytes
  }

  fail(): never {
    if (this.#path === '') throw new DamagedCacheEntry('An entry of the cache contradicts itself.')
    throw damaged(this.#path)
  }
}

export function damaged(path: string): DamagedCacheEntry {
  remove(path)
  return new DamagedCacheEntry(`${path} is damaged.`)
}

/** From the checksums of its blocks: whoever reads parts of it has those already. */
export function restChecksum(rest: Uint8Array, sums: Int32Array = blockChecksums(rest)): number {
  return checksum(new Uint8Array(sums.buffer))
}
