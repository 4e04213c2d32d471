/** Lets resolving and preparing have what there is only as source: each sdist is fetched, and built in an environment. */

import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from '@cheeseshop/client'
import type { NormalizedName, ProjectFile, Requirement } from '@cheeseshop/packaging'
import type { BuildOptions } from './build/build-options.ts'
import { Builder } from './build/builder.ts'
import type { ArchiveSource } from './build/source.ts'
import type { WheelCache } from './cache/wheel-cache.ts'
import { DirectSources, type ReadDirect } from './direct-sources.ts'
import type { Environment } from './environment/environment.ts'
import { InstalledProjects } from './environment/installed-projects.ts'
import { type PlannedInstall, planChanges } from './plan.ts'
import { refuseOtherFile } from './prepare/allowed-hashes.ts'
import { readDigest } from './prepare/fetch-file.ts'
import { type BuiltFile, prepareWheels } from './prepare.ts'
import type { TreeSource } from './resolve/candidate-source.ts'
import type { BuildMetadata } from './resolve/client-reader.ts'
import type { FileRules } from './resolve/file-rules.ts'
import { resolveProjects } from './resolve.ts'
import { EnvironmentLock } from './transaction/lock-environment.ts'
import { applyChanges } from './transaction.ts'

export interface SourceBuildsOptions extends Omit<BuildOptions, 'installInto'> {
  readonly client: Pick<Client, 'project' | 'needs' | 'download'>
  readonly hasIndexes: boolean
  readonly wheels: WheelCache
  /** By which the requirements of backends are chosen too; hashes are for what is installed only. */
  readonly files: FileRules
  /** A folder with files that need not be fetched, where their digest is known. */
  readonly shelf?: string | undefined
  /** URLs of the folders that are to be links. */
  readonly editables?: ReadonlySet<string>
}

export class SourceBuilds implements AsyncDisposable {
  readonly builder: Builder
  /** For direct URLs that lead to sources. */
  readonly readDirect: ReadDirect
  readonly #options: SourceBuildsOptions
  readonly #fetched = new Map<string, Promise<string>>()

  constructor(options: SourceBuildsOptions) {
    this.#options = options
    this.builder = new Builder({ ...options, installInto: this.#installInto })
    const fetch = (file: ProjectFile) => this.#fetch(file)
    this.readDirect = new DirectSources({ ...options, builder: this.builder, fetch }).read
  }

  /** For `resolveProjects`. Throws `BuildError`. */
  readonly buildMetadata: BuildMetadata = async ({ name }, file) =>
    this.builder.metadata(await this.#source(name, file))

  /** For `prepareWheels`. Throws `BuildError`, and `HashConflict` for a file that is not allowed. */
  readonly buildWheel = async ({ pin, source }: PlannedInstall): Promise<BuiltFile> => {
    if (source.kind === 'tree') return this.#buildTree(source)
    const sdist = await this.#source(pin.candidate.name, source.file)
    return { ...(await this.builder.wheel(sdist)), sourceSha256: sdist.sha256 }
  }

  /** Where a file is that had to be fetched to be built or to be read; gone with the builds. */
  async fetched({ url }: ProjectFile): Promise<string | undefined> {
    return this.#fetched.get(url)
  }

  #buildTree({ build, isEditable }: TreeSource): Promise<BuiltFile> {
    return isEditable && build.kind === 'folder'
      ? this.builder.editable(build)
      : this.builder.wheel(build)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.builder[Symbol.asyncDispose]()
    const paths = await Promise.allSettled(this.#fetched.values())
    for (const path of paths) if (path.status === 'fulfilled') await rm(path.value, { force: true })
  }

  /** Where the digest is known and will do, an archive that was built before is never fetched. */
  async #source(
    project: NormalizedName,
    file: ProjectFile,
  ): Promise<ArchiveSource & { project: NormalizedName }> {
    const { filename, hashes } = file
    const allowed = this.#options.files.hashes?.get(project)
    const known = hashes['sha256']
    const source = { kind: 'archive', filename, project } as const
    if (known !== undefined && (!allowed || allowed.includes(`sha256:${known}`))) {
      return { ...source, sha256: known, path: () => this.#fetch(file) }
    }
    const path = await this.#fetch(file)
    const sha256 = await readDigest(path)
    if (allowed) await refuseOtherFile(file, { source: path, sha256 }, allowed)
    return { ...source, sha256, path }
  }

  /** Once for metadata and wheel. What is here stays where it is, and is verified there. */
  async #fetch(file: ProjectFile): Promise<string> {
    const { client, cache } = this.#options
    const ready = await this.#onShelf(file)
    if (ready !== undefined) return ready
    if (file.url.startsWith('file:')) {
      if (Object.keys(file.hashes).length > 0) await client.download(file, nowhere)
      return fileURLToPath(file.url)
    }
    const fetched = this.#fetched.get(file.url)
    if (fetched) return fetched
    const path = cache.temporaryPath()
    const fetching = client.download(file, path).then(() => path)
    this.#fetched.set(file.url, fetching)
    return fetching
  }

  async #onShelf({ filename, hashes }: ProjectFile): Promise<string | undefined> {
    const { shelf } = this.#options
    const { sha256 } = hashes
    if (shelf === undefined || sha256 === undefined) return undefined
    // The name comes from an index: it must not lead out of the folder.
    const path = join(shelf, basename(filename))
    return existsSync(path) && (await readDigest(path)) === sha256 ? path : undefined
  }

  readonly #installInto = async (
    environment: Environment,
    requirements: readonly Requirement[],
    constraints: readonly Requirement[],
  ): Promise<void> => {
    const { client, cache, wheels, hasIndexes, files } = this.#options
    const { hashes: _, ...rules } = files
    using lock = await EnvironmentLock.take(environment)
    const installed = new Map(
      InstalledProjects.read(environment).projects.map((each) => [each.name, each]),
    )
    const state = (requirement: Requirement) => ({ requirement, origin: 'build-system.requires' })
    const resolution = await resolveProjects(
      {
        requirements: requirements.map(state),
        constraints: constraints.map((requirement) => ({
          requirement,
          origin: 'build constraints',
        })),
        environment: environment.interpreter.markers,
        files: rules,
        installed,
      },
      { client, hasIndexes, buildMetadata: this.buildMetadata, readDirect: this.readDirect },
    )
    const plan = planChanges(resolution, { installed })
    const { buildWheel } = this
    const install = await prepareWheels(plan.install, {
      client,
      cache,
      wheels,
      buildWheel,
      hashes: new Map(),
    })
    const remove = plan.install.flatMap(({ replaces }) => replaces ?? [])
    await applyChanges(lock, { install, remove }, { cache: wheels })
  }
}

const nowhere = { write: () => {}, restart: () => {} }
