/** One source tree and its build backend: the environment it needs, and its hooks in the order of PEP 517. */
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import {
  type NormalizedName,
  type Requirement,
  tryParseName,
  tryParseRequirement,
} from '@cheeseshop/packaging'
import { describeHint, NoSolution } from '@cheeseshop/resolver'
import { createEnvironment } from '../environment/create-environment.ts'
import { type Environment, openEnvironment } from '../environment/environment.ts'
import { backendVariables } from './backend-variables.ts'
import { BuildError, quoted } from './build-error.ts'
import type { BuildOptions } from './build-options.ts'
import { callHook } from './call-hook.ts'
import { type Pyproject, readPyproject } from './read-pyproject.ts'
import { readSmallFile } from './read-small-file.ts'
import type { Slots } from './slots.ts'
import { type BuildSource, openSource, type SourceTree, sourceProject } from './source.ts'
import { largestMetadata } from './static-metadata.ts'

/** What a backend can make. */
export type Artifact = 'wheel' | 'sdist' | 'editable'

interface SessionParts {
  readonly tree: SourceTree
  readonly pyproject: Pyproject
  readonly workFolder: string
  readonly name: NormalizedName | undefined
  readonly address: string | undefined
}

export class BackendSession implements AsyncDisposable {
  readonly tree: SourceTree
  readonly pyproject: Pyproject
  readonly #options: BuildOptions
  readonly #slots: Slots
  readonly #workFolder: string
  readonly #name: NormalizedName | undefined
  readonly #address: string | undefined
  #environment: Environment | undefined
  /** Artifacts whose own requirements are installed. */
  readonly #prepared = new Set<Artifact>()
  /** What was foretold, for the backend to keep to. */
  readonly #metadataFolders = new Map<Artifact, string>()

  private constructor(parts: SessionParts, options: BuildOptions, slots: Slots) {
    this.tree = parts.tree
    this.pyproject = parts.pyproject
    this.#workFolder = parts.workFolder
    this.#options = options
    this.#slots = slots
    this.#name = parts.name
    this.#address = parts.address
  }

  static async open(
    source: BuildSource,
    options: BuildOptions,
    slots: Slots,
  ): Promise<BackendSession> {
    const workFolder = options.cache.temporaryPath()
    await mkdir(workFolder)
    try {
      const tree = await openSource(source, join(workFolder, 'source'))
      await requireProject(tree)
      const pyproject = await readPyproject(tree.folder)
      const name = sourceProject(source) ?? declaredName(pyproject)
      const { address } = source
      return new BackendSession({ tree, pyproject, workFolder, name, address }, options, slots)
    } catch (error) {
      await rm(workFolder, { recursive: true, force: true })
      throw error
    }
  }

  /** METADATA as the backend foretells it; undefined when the backend can only build. */
  async metadata(artifact: 'wheel' | 'editable'): Promise<Buffer | undefined> {
    await this.#prepare(artifact)
    const folder = join(this.#workFolder, `metadata-${artifact}`)
    await mkdir(folder, { recursive: true })
    const hook = `prepare_metadata_for_build_${artifact}`
    const answer = await this.#call(hook, [folder, this.#settings])
    if (answer === undefined) return undefined
    const distInfo = join(folder, this.#fileIn(folder, answer.value, hook))
    const bytes = await readSmallFile(join(distInfo, 'METADATA'), largestMetadata)
    if (bytes === undefined) throw this.#badResult(hook, 'a folder without METADATA')
    this.#metadataFolders.set(artifact, distInfo)
    return bytes
  }

  /** Builds into a folder, and returns the name of the file there. */
  async build(artifact: Artifact, into: string): Promise<string> {
    await this.#prepare(artifact)
    const hook = `build_${artifact}`
    const rest = artifact === 'sdist' ? [] : [this.#metadataFolders.get(artifact) ?? null]
    const answer = await this.#call(hook, [into, this.#settings, ...rest])
    if (answer === undefined) throw this.#lacks(hook)
    return this.#fileIn(into, answer.value, hook)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What the backend has left running may still write there.
    await rm(this.#workFolder, { recursive: true, force: true, maxRetries: 3 })
  }

  get #settings() {
    return this.#options.settings?.(this.#name, this.#address) ?? {}
  }

  get #isIsolated(): boolean {
    return this.#options.isIsolated?.(this.#name) ?? true
  }

  /** Without isolation the environment is taken as it is, and nobody is asked what it should have. */
  async #prepare(artifact: Artifact): Promise<void> {
    if (!this.#isIsolated || this.#prepared.has(artifact)) return
    const { requires } = this.pyproject.buildSystem
    if (this.#environment === undefined) {
      const folder = join(this.#workFolder, 'environment')
      const { interpreter } = this.#options
      this.#environment = openEnvironment(createEnvironment(folder, { interpreter }))
      await this.#install(requires)
    }
    const hook = `get_requires_for_build_${artifact}`
    const answer = await this.#call(hook, [this.#settings])
    const more = answer ? this.#requirementsIn(answer.value, hook) : []
    // Together with the first ones, so that no choice undoes another.
    if (more.length > 0) await this.#install([...requires, ...more])
    this.#prepared.add(artifact)
  }

  async #install(requirements: readonly Requirement[]): Promise<void> {
    if (requirements.length === 0) return
    const { installInto, constraints = [], onEvent } = this.#options
    const project = this.tree.label
    onEvent?.({ type: 'build-requires', project, requirements: requirements.map(String) })
    try {
      await installInto(this.#environment!, requirements, constraints)
    } catch (error) {
      throw error instanceof NoSolution ? unmet(project, error) : error
    }
  }

  #call(hook: string, values: readonly unknown[]): Promise<{ value: unknown } | undefined> {
    const { interpreter, env = process.env, onEvent, signal, cache } = this.#options
    const isolated = this.#environment
    const project = this.tree.label
    return this.#slots.run(() =>
      callHook({
        project,
        hook,
        arguments: values,
        backend: this.pyproject.buildSystem,
        cwd: this.tree.folder,
        python: (isolated?.interpreter ?? interpreter).executable,
        env: backendVariables(env, isolated),
        workFolder: this.#workFolder,
        logFolder: cache.join('logs'),
        timeLimitMs: this.#options.timeLimitMs ?? twoHours,
        ...(signal && { signal }),
        ...(onEvent && { onLine: (line) => onEvent({ type: 'build-output', project, line }) }),
      }),
    )
  }

  #requirementsIn(value: unknown, hook: string): Requirement[] {
    if (!Array.isArray(value)) throw this.#badResult(hook, 'no list')
    return value.map((text) => {
      const requirement = typeof text === 'string' ? tryParseRequirement(text) : undefined
      if (requirement) return requirement
      throw this.#badResult(hook, `${quoted(String(text))}, which is no requirement`)
    })
  }

  /** PEP 517: hooks return the basename of what they made. */
  #fileIn(folder: string, value: unknown, hook: string): string {
    const isName = typeof value === 'string' && value !== '' && basename(value) === value
    if (isName && value !== '..' && existsSync(join(folder, value))) return value
    throw this.#badResult(hook, `${quoted(String(value))}, and there is no such file`)
  }

  #badResult(hook: string, what: string): BuildError {
    const { backend } = this.pyproject.buildSystem
    const message = `${hook} of ${backend} for ${this.tree.label} returned ${what}.`
    return new BuildError('bad-result', message, { hint: 'Report it to the build backend.' })
  }

  #lacks(hook: string): BuildError {
    const { backend } = this.pyproject.buildSystem
    const message = `The build backend ${quoted(backend)} of ${this.tree.label} has no ${hook}.`
    const hint = hook.endsWith('editable')
      ? 'Ask for a newer release of it in build-system.requires, or install without --editable.'
      : 'Correct build-backend in pyproject.toml.'
    return new BuildError('hook-missing', message, { hint })
  }
}

const twoHours = 2 * 60 * 60 * 1000

function unmet(project: string, error: NoSolution): BuildError {
  const lines = error.explain().filter((line) => !line.startsWith('hint: '))
  const message = `What ${project} needs to be built cannot be had. ${lines.join('\n').trimEnd()}`
  return new BuildError('requirements', message, {
    hints: error.hints.map(describeHint),
    cause: error,
  })
}

async function requireProject({ folder, label }: SourceTree): Promise<void> {
  const isProject = ['pyproject.toml', 'setup.py', 'setup.cfg'].some((name) =>
    existsSync(join(folder, name)),
  )
  if (isProject) return
  throw new BuildError('bad-source', `${label} has neither pyproject.toml nor setup.py.`, {
    hint: 'Name the folder of a Python project, or an sdist.',
  })
}

function declaredName({ project }: Pyproject): NormalizedName | undefined {
  const name = project?.['name']
  return typeof name === 'string' ? tryParseName(name) : undefined
}
