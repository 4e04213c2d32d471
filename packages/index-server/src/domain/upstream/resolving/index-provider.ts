/** Answers the resolver from an index of ours, as it is shown: origin and policy have had their say. */
import {
  isValidExtra,
  type NormalizedName,
  normalizeName,
  readMetadata,
  sdistMetadataIsStatic,
  tryParseRequirement,
  tryParseSpecifierSet,
} from '@cheeseshop/packaging'
import type { Candidate, Candidates, Dependencies, Provider } from '@cheeseshop/resolver'
import { openMetadata } from '../../catalog/files.ts'
import type { Domain } from '../../domain.ts'
import { DomainError } from '../../errors.ts'
import { type IndexFile, readIndexProject } from '../../indexes/index-project.ts'
import type { IndexTree } from '../../indexes/index-tree.ts'
import type { Target } from './target.ts'
import { bestFile, filesByVersion } from './version-files.ts'

export class ServedIndexProvider implements Provider {
  readonly #domain: Domain
  readonly #tree: IndexTree
  readonly #target: Target

  constructor(domain: Domain, tree: IndexTree, target: Target) {
    this.#domain = domain
    this.#tree = tree
    this.#target = target
  }

  async candidates(name: NormalizedName, url?: string): Promise<Candidates> {
    if (url !== undefined) {
      const message = 'a URL leads past the index, which cannot keep what is there'
      return { versions: [], missing: { kind: 'not-found', message } }
    }
    const project = await this.#read(name)
    if (project === undefined) {
      return { versions: [], missing: { kind: 'not-found', message: 'the index does not have it' } }
    }
    return { versions: filesByVersion(project.files).map((each) => this.#candidate(name, each)) }
  }

  async dependencies({ name, source }: Candidate): Promise<Dependencies> {
    const file = source as IndexFile
    const bytes = await this.#metadata(name, file)
    return bytes === undefined ? unusable(unbuilt) : dependenciesIn(bytes, file.kind)
  }

  #read(name: NormalizedName) {
    return readIndexProject(this.#domain, this.#tree, name)
  }

  #candidate(
    name: NormalizedName,
    { version, files }: ReturnType<typeof filesByVersion>[number],
  ): Candidate {
    const file = bestFile(files, this.#target)
    const isYanked = file?.isYanked ?? files.every((each) => each.isYanked)
    const requires = file?.requiresPython
    return {
      name,
      version,
      source: file,
      isYanked,
      ...(file?.yankedReason !== undefined && { yankedReason: file.yankedReason }),
      ...(requires !== undefined && { requiresPython: tryParseSpecifierSet(requires) }),
      ...(file === undefined && {
        incompatible: { kind: 'tags', message: `has no file for ${this.#target.name}` } as const,
      }),
    }
  }

  /** Undefined where there is none to be had without building. */
  async #metadata(name: NormalizedName, file: IndexFile): Promise<Uint8Array | undefined> {
    try {
      await using blob = await this.#openMetadata(name, file)
      return blob && (await blob.read(0, blob.size))
    } catch (error) {
      if (error instanceof DomainError && error.code === 'not-found') return undefined
      throw error
    }
  }

  async #openMetadata(name: NormalizedName, { source, filename, metadataSha256 }: IndexFile) {
    if (source.kind === 'upstream') {
      return this.#domain.upstreams.openMetadata(source.upstream, name, source.file)
    }
    return metadataSha256 === undefined
      ? undefined
      : openMetadata(this.#domain, { filename, metadataSha256 })
  }
}

/** Of an sdist only what it promises to be the same in every build (PEP 643). */
function dependenciesIn(bytes: Uint8Array, kind: IndexFile['kind']): Dependencies {
  const { metadata } = readMetadata(bytes)
  if (kind === 'sdist' && !sdistMetadataIsStatic(metadata)) return unusable(unbuilt)
  const requires = metadata.requiresDist.map((text) => tryParseRequirement(text))
  if (requires.includes(undefined)) return unusable('has a requirement that cannot be read')
  const { requiresPython } = metadata
  return {
    requires: requires.filter((requirement) => requirement !== undefined),
    providesExtra: metadata.providesExtra.filter(isValidExtra).map(normalizeName),
    ...(requiresPython !== undefined && { requiresPython: tryParseSpecifierSet(requiresPython) }),
  }
}

const unbuilt = 'has no wheel for this target, and its sdist does not tell what it needs'

function unusable(message: string): Dependencies {
  return { unavailable: { kind: 'metadata', message } }
}
