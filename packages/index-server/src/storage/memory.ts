/** Blobs in memory, for tests and throw-away servers. */
import type {
  BlobFacts,
  BlobStore,
  BlobWriter,
  Digests,
  StagedBlob,
  StoredBlob,
} from './blob-store.ts'
import { Digester } from './digester.ts'

export function memoryStore(clock: () => Date = () => new Date()): MemoryStore {
  return new MemoryStore(clock)
}

interface MemoryBlob {
  bytes: Uint8Array
  storedAt: Date
}

export class MemoryStore implements BlobStore {
  readonly #blobs = new Map<string, MemoryBlob>()
  readonly #staged = new Map<object, Date>()
  readonly #clock: () => Date
  /** How many bytes all blobs may have, for tests of a disk that fills. */
  capacity = Number.POSITIVE_INFINITY

  constructor(clock: () => Date) {
    this.#clock = clock
  }

  /** How many staged blobs nobody has discarded yet. */
  get stagedCount(): number {
    return this.#staged.size
  }

  async stage(): Promise<BlobWriter> {
    const key = {}
    const touch = () => this.#staged.set(key, this.#clock())
    touch()
    return new MemoryWriter(await Digester.create(), {
      touch,
      keep: (sha256, bytes) => this.#blobs.set(sha256, { bytes, storedAt: this.#clock() }),
      discard: () => this.#staged.delete(key),
    })
  }

  async open(sha256: string): Promise<StoredBlob | undefined> {
    const blob = this.#blobs.get(sha256)
    if (!blob) return undefined
    const { bytes, storedAt } = blob
    return {
      size: bytes.length,
      storedAt,
      read: async (start, end) => bytes.subarray(start, end),
      [Symbol.asyncDispose]: async () => {},
    }
  }

  async stat(sha256: string): Promise<BlobFacts | undefined> {
    const blob = this.#blobs.get(sha256)
    return blob && { size: blob.bytes.length, storedAt: blob.storedAt }
  }

  async delete(sha256: string): Promise<void> {
    this.#blobs.delete(sha256)
  }

  async *list(): AsyncIterable<{ sha256: string } & BlobFacts> {
    for (const [sha256, { bytes, storedAt }] of [...this.#blobs]) {
      yield { sha256, size: bytes.length, storedAt }
    }
  }

  async freeBytes(): Promise<number> {
    const used = [...this.#blobs.values()].reduce((sum, { bytes }) => sum + bytes.length, 0)
    return this.capacity - used
  }

  async discardStagedBefore(time: Date): Promise<number> {
    const old = [...this.#staged].filter(([, writtenAt]) => writtenAt < time)
    for (const [key] of old) this.#staged.delete(key)
    return old.length
  }
}

/** What the store does for its staged blobs. */
interface Owner {
  touch(): void
  keep(sha256: string, bytes: Uint8Array): void
  discard(): void
}

class MemoryWriter implements BlobWriter {
  size = 0
  readonly #chunks: Uint8Array[] = []
  readonly #digester: Digester
  readonly #owner: Owner
  #finished = false

  constructor(digester: Digester, owner: Owner) {
    this.#digester = digester
    this.#owner = owner
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#digester.update(chunk)
    this.#chunks.push(chunk.slice())
    this.size += chunk.length
    this.#owner.touch()
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    return Buffer.concat(this.#chunks).subarray(start, end)
  }

  async finish(): Promise<StagedBlob> {
    this.#finished = true
    return stagedBytes(Buffer.concat(this.#chunks), this.#digester.digests(), this.#owner)
  }

  async discard(): Promise<void> {
    if (this.#finished) return
    this.#finished = true
    this.#digester.discard()
    this.#owner.discard()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard()
  }
}

function stagedBytes(bytes: Uint8Array, digests: Digests, owner: Owner): StagedBlob {
  const discard = async () => owner.discard()
  return {
    size: bytes.length,
    digests,
    read: async (start, end) => bytes.subarray(start, end),
    keep: async () => owner.keep(digests.sha256, bytes),
    discard,
    [Symbol.asyncDispose]: discard,
  }
}
