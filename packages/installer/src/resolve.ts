/** Resolves requirements for an environment: wires a client into the resolver. */

import type { Client } from '@cheeseshop/client'
import {
  type Marker,
  type MarkerEnvironment,
  type MarkerSet,
  MarkerSets,
  MarkerTruths,
  type NormalizedName,
  normalizeName,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
  type Version,
} from '@cheeseshop/packaging'
import {
  type Candidate,
  type Resolution,
  type ResolveChoices,
  type ResolveEvent,
  type ResolveRequest,
  resolve,
  resolveUniversal,
  type UniversalRequest,
  type UniversalResolution,
} from '@cheeseshop/resolver'
import type { ReadDirect } from './direct-sources.ts'
import type { InstalledProject } from './environment/installed-project.ts'
import { type BuildMetadata, ClientReader } from './resolve/client-reader.ts'
import type { Evidence } from './resolve/evidence.ts'
import type { FileRules } from './resolve/file-rules.ts'
import { IndexProvider, type IndexProviderOptions } from './resolve/index-provider.ts'
import { KeptSolution, type SolutionKeeping } from './resolve/kept-solution.ts'
import { FileJudge } from './resolve/project-candidates.ts'

/** What is asked for and how versions and files are chosen, wherever that shall hold. */
export interface ProjectChoices
  extends Pick<
    ResolveChoices,
    | 'requirements'
    | 'constraints'
    | 'overrides'
    | 'excludes'
    | 'prereleases'
    | 'prereleasesOf'
    | 'strategy'
  > {
  readonly files: FileRules
  readonly withoutDependencies?: boolean
}

export interface ResolveProjectsRequest
  extends ProjectChoices,
    Pick<ResolveRequest, 'preferences'> {
  readonly environment: MarkerEnvironment
  /** What is installed and may stay; left out is what shall be looked for anew. */
  readonly installed: ReadonlyMap<NormalizedName, InstalledProject>
  /** What is installed and is looked for anew, to be kept where the indexes have nothing newer. */
  readonly present?: ReadonlyMap<NormalizedName, InstalledProject>
}

/** Environments instead of one: see `resolveUniversal` of the resolver. */
export type ResolveForManyRequest = ProjectChoices & Omit<UniversalRequest, 'installed' | 'onEvent'>

export interface ResolveProjectsTools {
  readonly client: Pick<Client, 'project' | 'needs'>
  /** Whether the client has any index to ask. */
  readonly hasIndexes: boolean
  readonly buildMetadata: BuildMetadata
  readonly readDirect: ReadDirect
  readonly onEvent?: (event: ResolveProgress) => void
  /** Is told of each version that was decided, as long as none had to be taken back. */
  readonly onDecided?: (candidate: Candidate) => void
  /** Where solutions are kept for those who ask the same again; nowhere unless given. */
  readonly keeping?: SolutionKeeping | undefined
}

/** The dependencies of one more version are known. */
export interface ResolveProgress {
  readonly type: 'metadata-read'
  readonly name: NormalizedName
  readonly version: Version
}

/**
 * Versions and files that satisfy all requirements in one environment. Throws `NoSolution`, and `ClientError` where an
 * index cannot be asked.
 */
export async function resolveProjects(
  request: ResolveProjectsRequest,
  tools: ResolveProjectsTools,
): Promise<Resolution> {
  const { keeping, onDecided } = tools
  const kept = keeping && new KeptSolution(request, keeping)
  const known = await kept?.recall()
  if (known === undefined) {
    const found = await solve(request, tools, kept?.evidence)
    kept?.keep(found)
    return found
  }
  for (const { candidate } of known.pins.values()) onDecided?.(candidate)
  return known
}

function solve(
  request: ResolveProjectsRequest,
  tools: ResolveProjectsTools,
  evidence: Evidence | undefined,
): Promise<Resolution> {
  const { environment, files, installed } = request
  const truths = new MarkerTruths(environment)
  const told = { ...tools, evidence }
  const provider = openProvider(request, told, ({ marker }, extras) => {
    return marker === undefined || holdsIn(truths, marker, extras)
  })
  return resolve(
    {
      ...choicesOf(request),
      ...(request.preferences && { preferences: request.preferences }),
      environment,
      pythonVersion: files.python,
      installed: new Map([...installed].map(([name, { version }]) => [name, version])),
      onEvent: decisionsOnly(tools.onDecided),
    },
    provider,
  )
}

/** After a conflict decisions are guesses. */
function decisionsOnly(tell: ResolveProjectsTools['onDecided']): (event: ResolveEvent) => void {
  let hasConflict = false
  return (event) => {
    if (event.kind !== 'decided') hasConflict = true
    else if (!hasConflict) tell?.(event.candidate)
  }
}

/** Versions that satisfy all requirements in many environments. Throws as `resolveProjects`, and `TooManyForks`. */
export async function resolveForMany(
  request: ResolveForManyRequest,
  tools: ResolveProjectsTools,
): Promise<UniversalResolution> {
  const sets = new MarkerSets()
  const pythons = sets.ofPython(request.requiresPython)
  const files = { ...request.files, isForMany: true }
  const all = { ...request, files, installed: new Map() }
  const provider = openProvider(all, tools, ({ marker }, extras) => {
    return ['', ...extras].some((extra) => meets(pythons, () => sets.of(marker, { extra })))
  })
  return resolveUniversal(request, provider)
}

function openProvider(
  request: ProjectChoices & Pick<ResolveProjectsRequest, 'installed' | 'present'>,
  tools: ResolveProjectsTools & { readonly evidence?: Evidence | undefined },
  mayHold: IndexProviderOptions['mayHold'],
): IndexProvider {
  const { files, installed, present, overrides = [], requirements } = request
  const judge = new FileJudge(files)
  const { client, hasIndexes, buildMetadata, readDirect, evidence } = tools
  const provider = new IndexProvider({
    judge,
    mayHold,
    installed,
    ...(present && { present }),
    reader: new ClientReader({ client, judge, hasIndexes, buildMetadata, readDirect, evidence }),
    withoutDependencies: request.withoutDependencies ?? false,
    onMetadata: ({ name, version }: Candidate) =>
      tools.onEvent?.({ type: 'metadata-read', name, version }),
  })
  const own = requirements.map(({ requirement }) => requirement)
  provider.expect(overrides.map(({ requirement }) => requirement))
  // An override may replace what refuses a version.
  if (overrides.length > 0) provider.expect(own)
  else provider.expectStated(own)
  return provider
}

function choicesOf(request: ProjectChoices): ResolveChoices {
  return {
    requirements: request.requirements,
    ...(request.constraints && { constraints: request.constraints }),
    ...(request.overrides && { overrides: request.overrides }),
    ...(request.excludes && { excludes: request.excludes }),
    ...(request.prereleases && { prereleases: request.prereleases }),
    ...(request.prereleasesOf && { prereleasesOf: request.prereleasesOf }),
    ...(request.strategy && { strategy: request.strategy }),
  }
}

function holdsIn(truths: MarkerTruths, marker: Marker, extras: readonly string[]): boolean {
  try {
    return truths.holds(marker, extras)
  } catch (error) {
    if (hasNoMeaning(error)) return false
    throw error
  }
}

function meets(pythons: MarkerSet, place: () => MarkerSet): boolean {
  try {
    return !place().isDisjointFrom(pythons)
  } catch (error) {
    if (hasNoMeaning(error)) return false
    throw error
  }
}

function hasNoMeaning(error: unknown): boolean {
  return error instanceof UndefinedMarkerComparison || error instanceof UndefinedMarkerVariable
}

/** A set of projects from `--only-binary` and its kin: names, `:all:`, and `:none:`, which forgets those before. */
export function readFormatControl(values: readonly string[]): FileRules['noBinary'] {
  let isAll = false
  let names = new Set<string>()
  for (const value of values) {
    if (value === ':all:' || value === ':none:') {
      isAll = value === ':all:'
      names = new Set()
    } else if (!isAll) names.add(normalizeName(value))
  }
  return { isAll, names }
}
