/** Downloads one file: into memory when it is known to be small, else beside the cache. */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import type { Client, DownloadSink } from '@cheeseshop/client'
import type { ProjectFile } from '@cheeseshop/packaging'
import type { CacheFolder } from '../cache/cache-folder.ts'

/** Gone when it is disposed. */
export interface FetchedFile extends AsyncDisposable {
  /** The bytes, or a path. */
  readonly source: Uint8Array | string
  readonly sha256: string
}

export interface FetchTools {
  readonly client: Pick<Client, 'download'>
  readonly cache: CacheFolder
  /** Ends a download that goes to memory. */
  readonly signal?: AbortSignal
}

const heldInMemory = 8 * 2 ** 20

/** What passes by of a file that goes to the disk. */
const heldOfLarger = 2 * 2 ** 20

/** The memory that a file takes while it is under way. */
export function weightOf({ size }: Pick<ProjectFile, 'size'>): number {
  return size !== undefined && size <= heldInMemory ? size : heldOfLarger
}

export async function fetchFile(file: ProjectFile, tools: FetchTools): Promise<FetchedFile> {
  if (file.size !== undefined && file.size <= heldInMemory) {
    const sink = new MemorySink(file.size, tools.signal)
    const { hashes } = await tools.client.download(file, sink)
    return {
      source: sink.bytes,
      sha256: hashes['sha256']!,
      [Symbol.asyncDispose]: async () => sink.forget(),
    }
  }
  const path = tools.cache.temporaryPath()
  const { hashes } = await tools.client.download(file, path)
  return {
    source: path,
    sha256: hashes['sha256']!,
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  }
}

/** One buffer of its own, which can be handed to another thread. */
class MemorySink implements DownloadSink {
  readonly signal?: AbortSignal
  readonly #buffer: Uint8Array<ArrayBuffer>
  #length = 0

  constructor(size: number, signal?: AbortSignal) {
    this.#buffer = new Uint8Array(size)
    if (signal) this.signal = signal
  }

  get bytes(): Uint8Array {
    return this.#buffer
  }

  write(chunk: Uint8Array): void {
    this.#buffer.set(chunk, this.#length)
    this.#length += chunk.length
  }

  restart(): void {
    this.#length = 0
  }

  /** Gives the memory back now: the budget that it came from counts it as free. */
  forget(): void {
    const { buffer } = this.#buffer
    if (!buffer.detached) buffer.transfer(0)
  }
}

/** The SHA-256 of a file that is here, in hexadecimal. */
export async function readDigest(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}
