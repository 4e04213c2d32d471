/** Reads what the resolver needs through a client: pages, metadata of wheels, and what sdists say without being built. */

import { type Client, ClientError } from '@cheeseshop/client'
import {
  type NormalizedName,
  type ProjectFile,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import type { Candidate, Candidates, MissingProject } from '@cheeseshop/resolver'
import type { FileSource } from './candidate-source.ts'
import type { FileReference, ProjectPage, ProjectReader, UnreadMetadata } from './index-provider.ts'
import type { FileJudge } from './project-candidates.ts'

/** Metadata of what must be built first. */
export type BuildMetadata = (
  candidate: Candidate,
  file: ProjectFile,
) => Promise<Uint8Array | UnreadMetadata>

export interface ClientReaderOptions {
  readonly client: Pick<Client, 'project' | 'metadata'>
  readonly judge: FileJudge
  readonly buildMetadata: BuildMetadata
  readonly hasIndexes: boolean
}

export class ClientReader implements ProjectReader {
  readonly #options: ClientReaderOptions

  constructor(options: ClientReaderOptions) {
    this.#options = options
  }

  async page(name: NormalizedName): Promise<ProjectPage | MissingProject> {
    try {
      const found = await this.#options.client.project(name)
      if (found) return { files: found.detail.files, index: found.index.url }
    } catch (error) {
      const missing = missingProject(error)
      if (missing) return missing
      throw error
    }
    return this.#options.hasIndexes
      ? { kind: 'not-found', message: 'no index has it' }
      : { kind: 'no-index', message: 'no index was asked and no links lead to it' }
  }

  async direct(name: NormalizedName, url: string): Promise<Candidates> {
    const [address = '', fragment = ''] = url.split('#')
    const filename = decodeURIComponent(address.split('?')[0]!.split('/').at(-1)!)
    const parsed = tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)
    if (parsed === undefined || /^\w+\+/.test(url)) {
      return { versions: [], missing: { kind: 'not-found', message: noFile(url) } }
    }
    if (parsed.name !== name) {
      const message = `${filename} is a file of ${parsed.name}`
      return { versions: [], missing: { kind: 'not-found', message } }
    }
    const file = { filename, url: address, hashes: hashesOf(fragment), yanked: false }
    const [judged] = this.#options.judge.candidates(name, [file])
    const { file: _, ...source } = judged!.source as FileSource
    return { versions: [{ ...judged!, url, source: { ...source, file, index: undefined } }] }
  }

  async metadata(
    candidate: Candidate,
    { file }: FileReference,
  ): Promise<Uint8Array | UnreadMetadata> {
    const { client, buildMetadata } = this.#options
    try {
      return (await client.metadata(file)) ?? (await buildMetadata(candidate, file))
    } catch (error) {
      // One wrong file must not end the search for a version that is right.
      const isBad = error instanceof ClientError && wrongFiles.has(error.code)
      if (isBad) return { problem: `has metadata that cannot be used (${error.message})` }
      throw error
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
  'offline',
])

function missingProject(error: unknown): MissingProject | undefined {
  if (!(error instanceof ClientError)) return undefined
  if (error.code !== 'unauthorized' && error.code !== 'forbidden' && error.code !== 'offline')
    return undefined
  return { kind: error.code, message: error.message.replace(/\.$/, '') }
}

function noFile(url: string): string {
  return /^\w+\+/.test(url)
    ? 'it is in a repository, and those are not read yet'
    : 'the URL does not end in the name of a wheel or an sdist'
}

function hashesOf(fragment: string): Readonly<Record<string, string>> {
  const [, algorithm, digest] =
    /(?:^|&)(sha256|sha384|sha512)=([0-9a-fA-F]{1,128})/.exec(fragment) ?? []
  return algorithm && digest ? { [algorithm]: digest.toLowerCase() } : {}
}
