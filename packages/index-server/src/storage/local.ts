/** Blobs as files in a folder: `ab/cd/abcd...`, and `staging/` for what is being received. */
import { type FileHandle, mkdir, open, opendir, stat, statfs, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BlobFacts, BlobStore, StoredBlob } from './blob-store.ts'
import { fillFrom, ifThere, readAt, syncFolder } from './files.ts'
import { StagedFileWriter } from './staged-file.ts'

export interface LocalStoreOptions {
  /** Default: the clock of the machine. */
  clock?: () => Date
}

const SHA256 = /^[0-9a-f]{64}$/
const FAN_OUT = /^[0-9a-f]{2}$/

/** Makes the folder where there is none. Any number of processes may share it. */
export async function openLocalStore(
  root: string,
  options: LocalStoreOptions = {},
): Promise<LocalStore> {
  await mkdir(join(root, 'staging'), { recursive: true })
  return new LocalStore(root, options.clock ?? (() => new Date()))
}

export class LocalStore implements BlobStore {
  readonly #root: string
  readonly #clock: () => Date
  /** Folders whose names are known to be on the disk, so that they need not be synced again. */
  readonly #durableFolders = new Set<string>()

  constructor(root: string, clock: () => Date) {
    this.#root = root
    this.#clock = clock
  }

  stage(): Promise<StagedFileWriter> {
    return StagedFileWriter.open(join(this.#root, 'staging'), {
      clock: this.#clock,
      pathFor: (sha256) => this.#path(sha256)!,
      makeFolder: (path) => this.#makeFolder(path),
      makeNameDurable: (path) => this.#makeNameDurable(path),
    })
  }

  async open(sha256: string): Promise<StoredBlob | undefined> {
    const path = this.#path(sha256)
    const file = path && (await ifThere(open(path, 'r')))
    if (!file) return undefined
    const { size, mtime } = await file.stat()
    return new StoredFile(file, { path, size, storedAt: mtime })
  }

  async stat(sha256: string): Promise<BlobFacts | undefined> {
    const path = this.#path(sha256)
    const found = path && (await ifThere(stat(path)))
    return found ? { size: found.size, storedAt: found.mtime } : undefined
  }

  async delete(sha256: string): Promise<void> {
    const path = this.#path(sha256)
    if (path) await ifThere(unlink(path))
  }

  async *list(): AsyncIterable<{ sha256: string } & BlobFacts> {
    for await (const first of namesIn(this.#root, FAN_OUT)) {
      for await (const second of namesIn(join(this.#root, first), FAN_OUT)) {
        for await (const sha256 of namesIn(join(this.#root, first, second), SHA256)) {
          const facts = await this.stat(sha256)
          if (facts) yield { sha256, ...facts }
        }
      }
    }
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.#root)
    return bavail * bsize
  }

  async discardStagedBefore(time: Date): Promise<number> {
    let discarded = 0
    for await (const name of namesIn(join(this.#root, 'staging'), /./)) {
      const path = join(this.#root, 'staging', name)
      const found = await ifThere(stat(path))
      if (found && found.mtime < time) {
        await ifThere(unlink(path))
        discarded += 1
      }
    }
    return discarded
  }

  /** Undefined for what is no digest, so that no name can lead out of the folder. */
  #path(sha256: string): string | undefined {
    if (!SHA256.test(sha256)) return undefined
    return join(this.#root, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
  }

  async #makeFolder(path: string): Promise<void> {
    const folder = dirname(path)
    if (!this.#durableFolders.has(folder)) await mkdir(folder, { recursive: true })
  }

  /** All at once: the disk does them for the price of one. */
  async #makeNameDurable(path: string): Promise<void> {
    const folder = dirname(path)
    if (this.#durableFolders.has(folder)) return syncFolder(folder)
    // Also when another process made the folders: it may not have come to this line yet.
    await Promise.all([folder, dirname(folder), this.#root].map(syncFolder))
    this.#durableFolders.add(folder)
  }
}

class StoredFile implements StoredBlob {
  readonly size: number
  readonly storedAt: Date
  readonly path: string
  readonly #file: FileHandle

  constructor(file: FileHandle, facts: BlobFacts & { path: string }) {
    this.#file = file
    this.size = facts.size
    this.storedAt = facts.storedAt
    this.path = facts.path
  }

  read(start: number, end: number): Promise<Uint8Array> {
    return readAt(this.#file, start, Math.min(end, this.size))
  }

  readInto(memory: Uint8Array, start: number): Promise<number> {
    return fillFrom(this.#file, memory, start)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}

async function* namesIn(folder: string, pattern: RegExp): AsyncIterable<string> {
  const entries = await ifThere(opendir(folder))
  for await (const entry of entries ?? []) {
    if (pattern.test(entry.name)) yield entry.name
  }
}
