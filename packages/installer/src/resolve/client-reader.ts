/** Reads what the resolver needs through a client: pages, metadata of wheels, and what sdists say without being built. */

import { type Client, ClientError, type FileNeeds, FileTable, needsOf } from '@cheeseshop/client'
import {
  type NormalizedName,
  type ProjectFile,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import type { Candidate, Candidates, MissingProject } from '@cheeseshop/resolver'
import type { ReadDirect } from '../direct-sources.ts'
import type { FileSource } from './candidate-source.ts'
import { filenameOf, hashesOf, leadsToFile } from './direct-address.ts'
import type { Evidence } from './evidence.ts'
import type { FileReference, ProjectPage, ProjectReader, UnreadMetadata } from './index-provider.ts'
import type { FileJudge } from './project-candidates.ts'

/** Metadata of what must be built first. */
export type BuildMetadata = (
  candidate: Candidate,
  file: ProjectFile,
) => Promise<Uint8Array | UnreadMetadata>

export interface ClientReaderOptions {
  readonly client: Pick<Client, 'project' | 'needs'>
  readonly judge: FileJudge
  readonly buildMetadata: BuildMetadata
  readonly readDirect: ReadDirect
  readonly hasIndexes: boolean
  /** Is told what was told. */
  readonly evidence?: Evidence | undefined
}

export class ClientReader implements ProjectReader {
  readonly #options: ClientReaderOptions

  constructor(options: ClientReaderOptions) {
    this.#options = options
  }

  async page(name: NormalizedName): Promise<ProjectPage | MissingProject> {
    const { client, evidence } = this.#options
    try {
      const found = await client.project(name)
      evidence?.page(name, found?.mark)
      if (found) return { table: found.table, index: found.index.url }
    } catch (error) {
      evidence?.spoil()
      const missing = missingProject(error)
      if (missing) return missing
      throw error
    }
    return this.#options.hasIndexes
      ? { kind: 'not-found', message: 'no index has it' }
      : { kind: 'no-index', message: 'no index was asked and no links lead to it' }
  }

  async direct(name: NormalizedName, url: string): Promise<Candidates> {
    this.#options.evidence?.spoil()
    return leadsToFile(url) ? this.#directFile(name, url) : this.#directSources(name, url)
  }

  #directFile(name: NormalizedName, url: string): Candidates {
    const [address = '', fragment = ''] = url.split('#')
    const filename = filenameOf(address)
    const parsed = tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)
    if (parsed?.name !== name) return otherProject(filename, parsed?.name)
    const file = { filename, url: address, hashes: hashesOf(fragment), yanked: false }
    const [judged] = this.#options.judge.candidates(name, FileTable.of(name, [file]))
    // Taken one by one: a candidate of a page works them out when they are asked for.
    const { version, incompatible } = judged!
    const { kind } = judged!.source as FileSource
    const source: FileSource = { kind, file, index: undefined }
    return { versions: [{ name, version, url, incompatible, source }] }
  }

  async #directSources(name: NormalizedName, url: string): Promise<Candidates> {
    const { readDirect, judge } = this.#options
    const hashes = judge.rules.hashes?.get(name)
    const candidate = await readDirect({ url, name, ...(hashes && { hashes }) })
    if (candidate.name !== name) return otherProject(redacted(url), candidate.name)
    const { requiresPython: _, ...anyPython } = candidate
    return { versions: [judge.rules.ignoresRequiresPython ? anyPython : candidate] }
  }

  async needs(candidate: Candidate, { file }: FileReference): Promise<FileNeeds | UnreadMetadata> {
    const { client, buildMetadata, evidence } = this.#options
    try {
      const known = await client.needs(file)
      evidence?.needs(file)
      if (known !== undefined) return known
      const built = await buildMetadata(candidate, file)
      return 'problem' in built ? built : needsOf(built)
    } catch (error) {
      evidence?.spoil()
      // One wrong file must not end the search for a version that is right.
      if (!(error instanceof ClientError)) throw error
      if (error.code === 'offline')
        return { problem: 'has metadata that is not in the cache', isOffline: true }
      if (!wrongFiles.has(error.code)) throw error
      return { problem: `has metadata that cannot be used (${error.message})` }
    }
  }
}

const wrongFiles = new Set([
  'bad-metadata',
  'digest-mismatch',
  'size-mismatch',
  'too-large',
  'bad-body',
  'not-found',
])

function missingProject(error: unknown): MissingProject | undefined {
  if (!(error instanceof ClientError)) return undefined
  if (error.code !== 'unauthorized' && error.code !== 'forbidden' && error.code !== 'offline')
    return undefined
  return { kind: error.code, message: asPart(error.message) }
}

function otherProject(what: string, name: string | undefined): Candidates {
  return {
    versions: [],
    missing: { kind: 'other-project', message: `${what} is a file of ${name}` },
  }
}

function redacted(url: string): string {
  return url.split('#')[0]!.replace(/\/\/[^\s/@]{1,500}@/, '//****@')
}

/** A sentence in the middle of another one. */
function asPart(sentence: string): string {
  return sentence.replace(/^The /, 'the ').replace(/\.$/, '')
}
