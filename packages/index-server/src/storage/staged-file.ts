/** A blob that is being received into a file, and how it becomes a stored one. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, link, open, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { BlobWriter, Digests, StagedBlob } from './blob-store.ts'
import { Digester } from './digester.ts'
import { fillFrom, ifThere, readAt } from './files.ts'

/** What the store does for its staged files. */
export interface StagedFileOwner {
  clock(): Date
  /** The path a blob is stored at. */
  pathFor(sha256: string): string
  makeFolder(path: string): Promise<void>
  /** Makes the name of a stored blob survive a power cut: syncing a file does not sync its name. */
  makeNameDurable(path: string): Promise<void>
}

/** Files up to this size are judged from memory: an archive is read in many small pieces. */
const mostInMemory = 256 * 1024

export class StagedFileWriter implements BlobWriter {
  size = 0
  readonly #bytes: StagedBytes
  readonly #digester: Digester
  #finished = false
  /** All that was written, while it is little. */
  #chunks: Uint8Array[] = []

  private constructor(bytes: StagedBytes, digester: Digester) {
    this.#bytes = bytes
    this.#digester = digester
  }

  static async open(folder: string, owner: StagedFileOwner): Promise<StagedFileWriter> {
    const path = join(folder, randomUUID())
    const digester = await Digester.create()
    const file = await open(path, 'wx+')
    return new StagedFileWriter({ path, file, owner }, digester)
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#digester.update(chunk)
    let written = 0
    while (written < chunk.length) {
      const { bytesWritten } = await this.#bytes.file.write(
        chunk,
        written,
        chunk.length - written,
        this.size + written,
      )
      written += bytesWritten
    }
    this.size += chunk.length
    // Copied, because the caller may fill the same buffer again.
    if (this.size <= mostInMemory) this.#chunks.push(Buffer.from(chunk))
    else this.#chunks = []
  }

  read(start: number, end: number): Promise<Uint8Array> {
    return readAt(this.#bytes.file, start, end)
  }

  async finish(): Promise<StagedBlob> {
    this.#finished = true
    const memory = this.size <= mostInMemory ? Buffer.concat(this.#chunks) : undefined
    return new StagedFile({ ...this.#bytes, memory }, this.size, this.#digester.digests())
  }

  async discard(): Promise<void> {
    if (this.#finished) return
    this.#finished = true
    this.#digester.discard()
    await discardFile(this.#bytes)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard()
  }
}

interface StagedBytes {
  path: string
  file: FileHandle
  /** The same bytes, when they are few. */
  memory?: Uint8Array | undefined
  owner: StagedFileOwner
}

class StagedFile implements StagedBlob {
  readonly size: number
  readonly digests: Digests
  readonly #bytes: StagedBytes
  #discarded = false

  constructor(bytes: StagedBytes, size: number, digests: Digests) {
    this.#bytes = bytes
    this.size = size
    this.digests = digests
  }

  async read(start: number, end: number): Promise<Uint8Array> {
    const { file, memory } = this.#bytes
    return memory?.subarray(start, end) ?? readAt(file, start, Math.min(end, this.size))
  }

  readInto(memory: Uint8Array, start: number): Promise<number> {
    return fillFrom(this.#bytes.file, memory, start)
  }

  async keep(): Promise<void> {
    const { path, file, owner } = this.#bytes
    const now = owner.clock()
    const stored = owner.pathFor(this.digests.sha256)
    await file.utimes(now, now)
    // The bytes first, then their name: a name on the disk always has all of its bytes.
    await Promise.all([file.datasync(), owner.makeFolder(stored)])
    await linkOrRenew(path, stored, now)
    await owner.makeNameDurable(stored)
  }

  async discard(): Promise<void> {
    if (this.#discarded) return
    this.#discarded = true
    await discardFile(this.#bytes)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.discard()
  }
}

/** A link, not a rename: it never replaces a blob, and the staged name remains for a second try. */
async function linkOrRenew(staged: string, stored: string, now: Date): Promise<void> {
  for (;;) {
    try {
      return await link(staged, stored)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    // The sweep may delete it at this very moment; then there is room for the link again.
    const renewed = await ifThere(utimes(stored, now, now).then(() => true))
    if (renewed) return
  }
}

async function discardFile({ path, file }: StagedBytes): Promise<void> {
  await file.close()
  await ifThere(unlink(path))
}
