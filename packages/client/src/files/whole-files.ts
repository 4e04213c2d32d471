/** Files that were fetched whole for the sake of a part, kept until all of them is wanted or the client is closed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ProjectFile } from '@cheeseshop/packaging'
import type { HttpResponse, Transport } from '../transport/transport.ts'
import { downloadFile, takeDownload } from './download.ts'
import { openFileSink } from './download-sink.ts'

export interface WholeFilesOptions {
  readonly transport: Transport
  /** Bytes of one file. */
  readonly limit: number
}

/** Bytes of all that are kept: the folder for temporary files may be memory. */
const roomFor = 512 * 2 ** 20

/** A file that is here; it is gone when this is disposed. */
export type WholeFile = ProjectFile & Disposable

export class WholeFiles implements Disposable {
  readonly #options: WholeFilesOptions
  readonly #kept = new Map<string, { readonly path: string; readonly size: number }>()
  #folder: string | undefined
  #count = 0

  constructor(options: WholeFilesOptions) {
    this.#options = options
  }

  /** Out of `answer` where the file is on its way already. Throws what a download throws. */
  async fetch(file: ProjectFile, answer?: HttpResponse): Promise<WholeFile> {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'cheese-'))
    const path = join(this.#folder, String(this.#count++))
    const sink = openFileSink(path)
    try {
      const { size } = answer
        ? await takeDownload(answer, file, sink, this.#options)
        : await downloadFile(file, sink, this.#options)
      sink.commit()
      return at(path, file, () => this.#keep(file, path, size))
    } finally {
      sink.discard()
    }
  }

  /** Undefined for what is not here. */
  take(file: ProjectFile): WholeFile | undefined {
    const kept = this.#kept.get(file.url)
    this.#kept.delete(file.url)
    return kept && at(kept.path, file, () => rmSync(kept.path, { force: true }))
  }

  [Symbol.dispose](): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true })
  }

  #keep(file: ProjectFile, path: string, size: number): void {
    const taken = [...this.#kept.values()].reduce((sum, each) => sum + each.size, size)
    if (taken > roomFor || this.#kept.has(file.url)) rmSync(path, { force: true })
    else this.#kept.set(file.url, { path, size })
  }
}

function at(path: string, file: ProjectFile, dispose: () => void): WholeFile {
  return { ...file, url: pathToFileURL(path).href, [Symbol.dispose]: dispose }
}
