/** A project as an index shows it: the one decision that pages, files, metadata and APIs are views of. */
import type { Hashes, NormalizedName } from '@cheeseshop/packaging'
import type { FileKind, ProjectStatus } from '../../database/schema.ts'
import type { ReleaseSummary } from '../catalog/project-files.ts'
import type { Domain } from '../domain.ts'
import type { Hidden } from '../policy/decide.ts'
import { policyFor } from '../policy/policy-for.ts'
import type { PolicyRule } from '../policy/policy-rule.ts'
import { readLicences } from '../policy/read-licences.ts'
import type { UpstreamFile } from '../upstream/upstreams.ts'
import { sortFiles } from './files-of-sources.ts'
import type { IndexTree, Leaf } from './index-tree.ts'
import { mergeReleases } from './merge-releases.ts'
import { decideOrigin, type OriginDecision } from './name-origin.ts'
import { readNameState } from './name-state.ts'
import { type FoundProject, readSources } from './read-sources.ts'
import { settleOrigin } from './settle-origin.ts'
import type { Moment } from './snapshots/moment.ts'
import { decideOriginAt } from './snapshots/origin-at.ts'

export interface IndexProject {
  /** Of the first hosted project, when there is one. */
  readonly id?: number
  readonly name: string
  readonly normalizedName: NormalizedName
  readonly status: ProjectStatus
  readonly statusReason?: string
  readonly origin: OriginDecision
  /** Of hosted projects; 0 when there is none. */
  readonly lastSerial: number
  /** Every release, oldest version first, also those without files. */
  readonly releases: readonly ReleaseSummary[]
  /** What is shown, by version, then filename. */
  readonly files: readonly IndexFile[]
  readonly withheld: readonly WithheldFile[]
  /** Equal to an earlier one only if the page is the same. */
  readonly stateKey: string
  /** Milliseconds; after it the page has to be made again although nothing changed. */
  readonly validUntil?: number
  /** An upstream could not be asked: this is what it said before. */
  readonly isStale: boolean
  /** Only sources have it that are kept out, so for whoever does not ask why there is no such project. */
  readonly isKeptOut: boolean
}

export interface IndexFile {
  /** Of the row of a hosted file. */
  readonly id?: number
  readonly releaseId: number
  /** Empty where the filename tells none. */
  readonly version: string
  readonly filename: string
  readonly kind: FileKind
  readonly pythonTag: string
  readonly size?: number
  readonly hashes: Hashes
  readonly requiresPython?: string
  readonly hasMetadata: boolean
  readonly metadataSha256?: string
  readonly isYanked: boolean
  readonly yankedReason?: string
  readonly uploadedAt?: string
  readonly uploadedVia?: string
  /** Below the URL of the index: `/packages/...`. */
  readonly path: string
  /** What the policy says of it although it is shown. */
  readonly remarks?: readonly string[]
  /** Of a deleted upload, whose metadata is gone; of others it is read from their metadata. */
  readonly licence?: string
  readonly source: FileSource
}

export type FileSource =
  | (Extract<Leaf, { kind: 'hosted' }> & {
      readonly deletedAt?: string
      /** The page of a moment names it, but nobody is given its bytes. */
      readonly isQuarantined?: boolean
    })
  | (Extract<Leaf, { kind: 'upstream' }> & { readonly file: UpstreamFile })

export interface WithheldFile {
  readonly file: IndexFile
  readonly because: Hidden
}

export interface ReadIndexProject {
  /** As it was then; without it, as it is now. */
  readonly at?: Moment | undefined
  /** Only the files of this name: what a file's own URL asks. */
  readonly filename?: string
  /** Upstreams are not asked. */
  readonly keptOnly?: boolean
  /** What is known of sources that are not asked, as the origin or another source keeps them out, is among what is withheld. */
  readonly withKeptOut?: boolean
  /** Instead of the rules that the index has. */
  readonly rules?: readonly PolicyRule[]
}

/**
 * Undefined when no source has the project. `UpstreamUnavailable` when a source that may have it cannot be asked and
 * nothing is known: then an answer from the others would be a wrong one.
 */
export async function readIndexProject(
  domain: Domain,
  tree: IndexTree,
  name: NormalizedName,
  options: ReadIndexProject = {},
): Promise<IndexProject | undefined> {
  const { at } = options
  // The state first: what changes meanwhile makes the page be read once more, never once less.
  const state = await readNameState(domain, tree, name)
  const question = {
    domain,
    tree,
    name,
    state,
    origin: decideOrigin(tree, name, state),
    originThen: at && (await decideOriginAt(domain.db, tree, name, { facts: state, at })),
    ...options,
  }
  const found = await readSources(question)
  if (found.length === 0) return undefined
  const settled = await settleOrigin(question, found)
  if (settled === undefined) return readIndexProject(domain, tree, name, options)
  const { origin } = settled
  const judge = await policyFor(domain, tree, name, options)
  const all = found.flatMap(({ files }) => files)
  const licences = judge.asksLicences ? await readLicences(domain, name, all) : undefined
  const { shown, withheld } = sortFiles(found, {
    name,
    origin,
    originThen: question.originThen,
    judge,
    licences,
  })
  const asked = found.filter(({ isKeptOut }) => !isKeptOut)
  const first = asked[0] ?? found[0]!
  const isQuarantined = first.status === 'quarantined'
  const files = isQuarantined ? [] : shown
  const { id, lastSerial } = hostedFacts(found)
  return {
    ...(id !== undefined && { id }),
    name: first.name,
    normalizedName: name,
    status: first.status,
    ...(first.statusReason !== undefined && { statusReason: first.statusReason }),
    origin,
    lastSerial: at?.serial ?? lastSerial,
    ...mergeReleases(
      found.flatMap(({ releases }) => releases),
      files,
    ),
    withheld,
    stateKey: settled.state.key,
    ...earliest([...asked.map((each) => each.freshUntil), judge.validUntil]),
    isStale: asked.some((each) => each.isStale),
    isKeptOut: asked.length === 0,
  }
}

function hostedFacts(found: readonly FoundProject[]): { id?: number; lastSerial: number } {
  const hosted = found.flatMap(({ row }) => (row === undefined ? [] : [row]))
  const [first] = hosted
  return {
    ...(first && { id: first.id }),
    lastSerial: Math.max(0, ...hosted.map((row) => row.last_serial)),
  }
}

function earliest(times: readonly (number | undefined)[]): { validUntil?: number } {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? {} : { validUntil: Math.min(...known) }
}
