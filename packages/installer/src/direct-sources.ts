/** Direct URLs that lead to sources: which project and version each is, and what direct_url.json will say of it. */

import {
  type DirectUrl,
  type NormalizedName,
  type ProjectFile,
  readMetadata,
  tryParseName,
  tryParseSpecifierSet,
  tryParseVersion,
} from '@cheeseshop/packaging'
import type { Candidate } from '@cheeseshop/resolver'
import { BuildError, quoted } from './build/build-error.ts'
import type { Builder } from './build/builder.ts'
import { type GitSource, locateGit, parseGitUrl } from './build/git.ts'
import { type BuildSource, sourceLabel } from './build/source.ts'
import type { CacheFolder } from './cache/cache-folder.ts'
import { refuseOtherFile } from './prepare/allowed-hashes.ts'
import { readDigest } from './prepare/fetch-file.ts'
import type { TreeSource } from './resolve/candidate-source.ts'
import { filenameOf, hashesOf, localFolder } from './resolve/direct-address.ts'

export interface DirectSourcesOptions {
  readonly builder: Builder
  readonly cache: CacheFolder
  /** Brings an archive here, verified by its own hashes, and returns its path. */
  readonly fetch: (file: ProjectFile) => Promise<string>
  /** URLs of the folders that are to be links. */
  readonly editables?: ReadonlySet<string>
}

/** What is known of a URL before it is opened. */
export interface DirectReference {
  readonly url: string
  readonly name?: NormalizedName
  /** `sha256:...`: no other archive will do. */
  readonly hashes?: readonly string[] | undefined
}

/** Its `source` is a `TreeSource`. */
export type ReadDirect = (reference: DirectReference) => Promise<Candidate>

export class DirectSources {
  readonly #options: DirectSourcesOptions
  /** Each is located once, or two looks at a branch might see two commits. */
  readonly #located = new Map<string, Promise<Located>>()
  readonly #read = new Map<string, Promise<Candidate>>()

  constructor(options: DirectSourcesOptions) {
    this.#options = options
  }

  /** Throws `BuildError`, `ClientError`, and `HashConflict` for an archive that is not allowed. */
  readonly read: ReadDirect = (reference) => {
    const known = this.#read.get(reference.url)
    if (known) return known
    const reading = this.#readNow(reference)
    this.#read.set(reference.url, reading)
    return reading
  }

  async #readNow(reference: DirectReference): Promise<Candidate> {
    const { builder, editables } = this.#options
    const { url } = reference
    const located = await this.#locate(reference)
    const isEditable = editables?.has(url) === true && located.build.kind === 'folder'
    const build: BuildSource = {
      ...located.build,
      address: url,
      ...(reference.name && { project: reference.name }),
    }
    const bytes =
      isEditable && build.kind === 'folder'
        ? await builder.editableMetadata(build)
        : await builder.metadata(build)
    const { metadata } = readMetadata(bytes)
    const name = tryParseName(metadata.name)
    const version = tryParseVersion(metadata.version)
    if (name === undefined || version === undefined) {
      throw nameless(sourceLabel(build), metadata.name)
    }
    const directUrl = isEditable
      ? { ...located.directUrl, dirInfo: { editable: true } }
      : located.directUrl
    const source: TreeSource = {
      kind: 'tree',
      build: { ...build, project: name },
      isEditable,
      directUrl,
      metadata: bytes,
    }
    const { requiresPython } = metadata
    return {
      name,
      version,
      url,
      source,
      requiresPython:
        requiresPython === undefined ? undefined : tryParseSpecifierSet(requiresPython),
    }
  }

  #locate(reference: DirectReference): Promise<Located> {
    const known = this.#located.get(reference.url)
    if (known) return known
    const locating = this.#locateNow(reference)
    this.#located.set(reference.url, locating)
    return locating
  }

  async #locateNow({ url, hashes }: DirectReference): Promise<Located> {
    if (/^\w+\+/.test(url)) {
      const build = await locateGit(parseGitUrl(url), this.#options.cache)
      return { build, directUrl: directUrlOfGit(build) }
    }
    const path = localFolder(url)
    if (path !== undefined) {
      const directUrl = { url: url.split('#')[0]!.replace(/(?<=.)\/$/, ''), dirInfo: {} }
      return { build: { kind: 'folder', path }, directUrl }
    }
    return this.#locateArchive(url, hashes)
  }

  async #locateArchive(url: string, allowed: readonly string[] | undefined): Promise<Located> {
    const [address = '', fragment = ''] = url.split('#')
    const filename = filenameOf(address)
    const file = { filename, url: address, hashes: hashesOf(fragment), yanked: false }
    const path = await this.#options.fetch(file)
    const sha256 = await readDigest(path)
    // Before anything in it runs.
    if (allowed) await refuseOtherFile(file, { source: path, sha256 }, allowed)
    const subdirectory = new URLSearchParams(fragment).get('subdirectory') ?? undefined
    const inside = subdirectory === undefined ? {} : { subdirectory }
    return {
      build: { kind: 'archive', path, filename, sha256, ...inside },
      directUrl: { url: address, archiveInfo: { hashes: { sha256 } }, ...inside },
    }
  }
}

interface Located {
  readonly build: BuildSource
  readonly directUrl: DirectUrl
}

function directUrlOfGit({ url, commit, revision, subdirectory }: GitSource): DirectUrl {
  return {
    url,
    vcsInfo: {
      vcs: 'git',
      commitId: commit,
      ...(revision !== undefined && { requestedRevision: revision }),
    },
    ...(subdirectory !== undefined && { subdirectory }),
  }
}

function nameless(label: string, name: string): BuildError {
  const message = `${label} has metadata without a name and a version (its name is ${quoted(name)}).`
  return new BuildError('bad-result', message, { hint: 'Correct the metadata of the project.' })
}
