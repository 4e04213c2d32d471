/** Builds projects from their sources (PEP 517, PEP 660), each in an environment of its own. */
import { AsyncLocalStorage } from 'node:async_hooks'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Artifact, BackendSession } from './backend-session.ts'
import { BuildError } from './build-error.ts'
import type { BuildTarget } from './build-event.ts'
import type { BuildOptions } from './build-options.ts'
import { type BuiltEntry, type BuiltWheel, BuiltWheels } from './built-wheels.ts'
import { checkBuiltSdist, checkBuiltWheel } from './check-result.ts'
import { SessionShelf } from './session-shelf.ts'
import { type BuildSource, type FolderSource, sourceIdentity, sourceLabel } from './source.ts'
import { staticMetadata } from './static-metadata.ts'

/** How deep projects may need each other to be built. */
const deepestChain = 20

/** Wheels of folders, and everything unfinished, go when it is disposed; what is in the cache stays. */
export class Builder implements AsyncDisposable {
  readonly #options: BuildOptions
  readonly #shelf: SessionShelf
  readonly #built: BuiltWheels
  /** What is being built by whom: builds start others when their requirements have no wheel. */
  readonly #chain = new AsyncLocalStorage<readonly string[]>()
  readonly #folders: string[] = []
  /** Wheels that backends had to build to tell their metadata. */
  readonly #early = new Map<string, BuiltWheel>()

  readonly #running = new Set<Promise<unknown>>()
  readonly #disposal = new AbortController()

  constructor(options: BuildOptions) {
    this.#options = options
    const signals = [this.#disposal.signal, ...(options.signal ? [options.signal] : [])]
    this.#shelf = new SessionShelf({ ...options, signal: AbortSignal.any(signals) })
    this.#built = new BuiltWheels(options)
  }

  /**
   * The METADATA that a wheel of the source will have, as far as resolving goes: read where it is written down, else
   * asked of the backend, else taken from a wheel that is built now. Throws `BuildError`.
   */
  async metadata(source: BuildSource): Promise<Uint8Array> {
    const entry = this.#built.entry(source)
    const known = await entry?.findMetadata()
    if (known) return known
    return this.#run('metadata', source, () =>
      this.#shelf.lend(source, async (session) => {
        const written = await staticMetadata(session.tree.folder, session.pyproject)
        const bytes = written ?? (await this.#askMetadata(session, source, 'wheel'))
        await entry?.keepMetadata(bytes)
        return bytes
      }),
    )
  }

  /** The METADATA of an editable wheel, which may need more than an ordinary one. Throws `BuildError`. */
  async editableMetadata(source: FolderSource): Promise<Uint8Array> {
    return this.#run('metadata', source, () =>
      this.#shelf.lend(source, (session) => this.#askMetadata(session, source, 'editable')),
    )
  }

  /** Builds a wheel, or finds the one that was built before. Throws `BuildError`. */
  async wheel(source: BuildSource): Promise<BuiltWheel> {
    const entry = this.#built.entry(source)
    const known = (await entry?.findWheel()) ?? this.#early.get(earlyKey(source, 'wheel'))
    if (known) return known
    return this.#run('wheel', source, () =>
      this.#shelf.lendOnce(source, (session) => this.#build(session, 'wheel', entry)),
    )
  }

  /** Builds the wheel that makes a folder importable where it is (PEP 660). Throws `BuildError`. */
  async editable(source: FolderSource): Promise<BuiltWheel> {
    const known = this.#early.get(earlyKey(source, 'editable'))
    if (known) return known
    return this.#run('editable', source, () =>
      this.#shelf.lendOnce(source, (session) => this.#build(session, 'editable')),
    )
  }

  /** Builds an sdist into a folder, and returns its path. Throws `BuildError`. */
  async sdist(source: BuildSource, into: string): Promise<string> {
    return this.#run('sdist', source, () =>
      this.#shelf.lend(source, async (session) => {
        const path = join(into, await session.build('sdist', into))
        await checkBuiltSdist(path)
        return path
      }),
    )
  }

  /** Ends builds that nobody waits for any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposal.abort()
    await Promise.allSettled(this.#running)
    await this.#shelf[Symbol.asyncDispose]()
    for (const folder of this.#folders)
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
  }

  async #build(
    session: BackendSession,
    artifact: Exclude<Artifact, 'sdist'>,
    entry?: BuiltEntry,
  ): Promise<BuiltWheel> {
    const folder = await this.#newFolder()
    const filename = await session.build(artifact, folder)
    const path = join(folder, filename)
    await checkBuiltWheel(path, session.tree)
    return { filename, path: entry?.keepWheel(path, filename) ?? path }
  }

  /** Of a backend that cannot foretell it, from what it builds, which is kept. */
  async #askMetadata(
    session: BackendSession,
    source: BuildSource,
    artifact: Exclude<Artifact, 'sdist'>,
  ): Promise<Uint8Array> {
    const foretold = await session.metadata(artifact)
    if (foretold) return foretold
    const entry = artifact === 'wheel' ? this.#built.entry(source) : undefined
    const built = await this.#build(session, artifact, entry)
    this.#early.set(earlyKey(source, artifact), built)
    return checkBuiltWheel(built.path, session.tree)
  }

  async #newFolder(): Promise<string> {
    const folder = this.#options.cache.temporaryPath()
    await mkdir(folder)
    this.#folders.push(folder)
    return folder
  }

  async #run<Result>(
    target: BuildTarget,
    source: BuildSource,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const project = sourceLabel(source)
    const chain = this.#chain.getStore() ?? []
    refuseCycle(chain, project)
    const { onEvent } = this.#options
    onEvent?.({ type: 'build-started', project, target })
    const started = performance.now()
    const running = this.#chain.run([...chain, project], work)
    this.#running.add(running)
    const result = await running.finally(() => this.#running.delete(running))
    const milliseconds = performance.now() - started
    onEvent?.({ type: 'build-finished', project, target, milliseconds })
    return result
  }
}

function earlyKey(source: BuildSource, artifact: Artifact): string {
  return `${artifact}:${sourceIdentity(source) ?? sourceLabel(source)}`
}

function refuseCycle(chain: readonly string[], project: string): void {
  if (!chain.includes(project) && chain.length < deepestChain) return
  const path = [...chain, project].join(' needs ')
  throw new BuildError('cycle', `A build cannot end: ${path}.`, {
    hint: 'Allow a wheel for one of them, or install it first and build without isolation.',
  })
}
