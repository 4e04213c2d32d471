/** Wheels that were built before, by everything that decides what a build yields. */
import { createHash } from 'node:crypto'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openFileSource } from '@cheeseshop/archive'
import { formatTag, readWheel } from '@cheeseshop/packaging'
import type { CacheFolder } from '../cache/cache-folder.ts'
import type { BuildOptions } from './build-options.ts'
import { type BuildSource, sourceIdentity, sourceProject } from './source.ts'

/** Two processes may write one entry at a time: each file appears whole, and equal keys mean equal content. */
export class BuiltWheels {
  readonly #options: BuildOptions
  readonly #context: unknown

  constructor(options: BuildOptions) {
    const { interpreter, constraints = [] } = options
    this.#options = options
    const { platform_version: _, platform_release: __, ...markers } = interpreter.markers
    const tag = interpreter.tags[0]
    this.#context = [markers, tag && formatTag(tag), constraints.map(String).sort()]
  }

  /** Undefined when nothing is to be reused, for sources that change, and for those of which nobody says what project they are. */
  entry(source: BuildSource): BuiltEntry | undefined {
    const { settings, isIsolated, cache, refresh } = this.#options
    const identity = sourceIdentity(source)
    const project = sourceProject(source)
    if (identity === undefined || project === undefined || refresh) return undefined
    const given = Object.entries(settings?.(project, source.address) ?? {}).sort(([a], [b]) =>
      a < b ? -1 : 1,
    )
    const key = JSON.stringify([1, identity, given, isIsolated?.(project) ?? true, this.#context])
    const digest = createHash('sha256').update(key).digest('hex')
    return new BuiltEntry(cache, cache.join('built', digest))
  }
}

export interface BuiltWheel {
  /** Of a wheel that is not in the cache: there until the builder is disposed. */
  readonly path: string
  readonly filename: string
}

export class BuiltEntry {
  readonly #cache: CacheFolder
  readonly #folder: string

  constructor(cache: CacheFolder, folder: string) {
    this.#cache = cache
    this.#folder = folder
  }

  /** A damaged one is removed. */
  async findWheel(): Promise<BuiltWheel | undefined> {
    const names = await readdir(this.#folder).catch(() => [])
    const filename = names.find((name) => name.endsWith('.whl'))
    if (filename === undefined) return undefined
    const path = join(this.#folder, filename)
    try {
      await using file = await openFileSource(path)
      await readWheel(file, filename)
      return { path, filename }
    } catch {
      await rm(path, { force: true })
      return undefined
    }
  }

  /** Moves the wheel, which is on the same file system. */
  keepWheel(path: string, filename: string): string {
    const target = join(this.#folder, filename)
    this.#cache.publish(path, target)
    return target
  }

  async findMetadata(): Promise<Buffer | undefined> {
    return readFile(join(this.#folder, 'METADATA')).catch(() => undefined)
  }

  async keepMetadata(bytes: Uint8Array): Promise<void> {
    const draft = this.#cache.temporaryPath()
    await writeFile(draft, bytes)
    this.#cache.publish(draft, join(this.#folder, 'METADATA'))
  }
}
