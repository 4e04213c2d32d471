/** The answer: one version of each project, why it is there, and what it needs. */

import {
  type NormalizedName,
  normalizeName,
  type Requirement,
  type SpecifierSet,
} from '@cheeseshop/packaging'
import type { Manifest } from './manifest.ts'
import type { Project } from './project.ts'
import type { Candidate, Dependencies } from './provider.ts'
import type { SearchStats } from './search.ts'
import type { Universe } from './universe.ts'

export interface Resolution {
  /** By name, in the order of names. */
  readonly pins: ReadonlyMap<NormalizedName, Pin>
  readonly warnings: readonly ResolutionWarning[]
  readonly stats: SearchStats
}

export interface Pin {
  readonly candidate: Candidate
  /** The extras wanted, in order; those the version does not have are among the warnings. */
  readonly extras: readonly NormalizedName[]
  readonly requiredBy: readonly RequiredBy[]
  /** The projects that this one needs, in order. */
  readonly dependencies: readonly NormalizedName[]
  readonly requiresPython: SpecifierSet | undefined
}

export interface RequiredBy {
  /** `undefined` for the user. */
  readonly name: NormalizedName | undefined
  readonly extra: NormalizedName | undefined
  readonly requirement: Requirement
  /** Where the user stated it. */
  readonly statedIn: string | undefined
}

export type ResolutionWarning =
  | {
      readonly kind: 'missing-extra'
      readonly name: NormalizedName
      readonly extra: NormalizedName
    }
  | { readonly kind: 'yanked'; readonly name: NormalizedName; readonly reason: string | undefined }
  /** A marker compares what cannot be compared; its requirement was left out. */
  | { readonly kind: 'senseless-marker'; readonly requirement: string }

interface Reached {
  readonly project: Project
  readonly extras: Set<NormalizedName>
  readonly requiredBy: RequiredBy[]
  readonly dependencies: Set<NormalizedName>
}

/** Walks from the user's requirements along what was decided: only what is reached is part of the answer. */
export function readResolution(
  manifest: Manifest,
  universe: Universe,
  stats: SearchStats,
): Resolution {
  const reached = new Map<NormalizedName, Reached>()
  for (const by of reachedRequirements(manifest, universe)) {
    const name = by.requirement.normalizedName
    const known = reached.get(name) ?? emptyReached(universe.project(name))
    reached.set(name, known)
    if (by.name !== name) known.requiredBy.push(by)
    if (by.name !== undefined && by.name !== name) reached.get(by.name)!.dependencies.add(name)
    for (const extra of by.requirement.extras.map(normalizeName)) known.extras.add(extra)
  }
  const inOrder = [...reached.values()].sort((a, b) => (a.project.name < b.project.name ? -1 : 1))
  return {
    pins: new Map(inOrder.map((each) => [each.project.name, pinOf(each)])),
    warnings: [...inOrder.flatMap(warningsOf), ...senselessMarkers(manifest)],
    stats,
  }
}

/** Every requirement in force, the user's first; of projects that are not decided yet nothing is known. */
export function reachedRequirements(manifest: Manifest, universe: Universe): RequiredBy[] {
  const queue: RequiredBy[] = manifest.stated.map(({ requirement, origin }) => {
    return { name: undefined, extra: undefined, requirement, statedIn: origin }
  })
  const followed = new Set<string>()
  for (const { requirement } of queue) {
    const project = universe.projects.get(requirement.normalizedName)
    const dependencies = project?.dependencies.get(project.decided)
    if (dependencies === undefined || 'unavailable' in dependencies) continue
    const { name } = project!
    const candidate = project!.candidate(project!.decided)
    for (const extra of [undefined, ...requirement.extras.map(normalizeName)]) {
      const step = `${name}[${extra ?? ''}]`
      if (followed.has(step)) continue
      followed.add(step)
      for (const each of manifest.inForce(dependencies.requires, candidate, extra)) {
        queue.push({ name, extra, requirement: each, statedIn: undefined })
      }
    }
  }
  return queue
}

function emptyReached(project: Project): Reached {
  return { project, extras: new Set(), requiredBy: [], dependencies: new Set() }
}

/** What is decided was asked about, and is usable. */
function knownDependencies(project: Project): Exclude<Dependencies, { unavailable: unknown }> {
  const dependencies = project.dependencies.get(project.decided)
  if (dependencies === undefined || 'unavailable' in dependencies) {
    throw new Error(`${project.name} was decided without its dependencies`)
  }
  return dependencies
}

function pinOf({ project, extras, requiredBy, dependencies }: Reached): Pin {
  const candidate = project.candidate(project.decided)
  return {
    candidate,
    extras: [...extras].sort(),
    requiredBy,
    dependencies: [...dependencies].sort(),
    requiresPython: knownDependencies(project).requiresPython ?? candidate.requiresPython,
  }
}

function warningsOf({ project, extras }: Reached): ResolutionWarning[] {
  const { name, isYanked, yankedReason } = project.candidate(project.decided)
  const { providesExtra } = knownDependencies(project)
  const missing = [...extras].filter((extra) => !providesExtra.includes(extra)).sort()
  return [
    ...missing.map((extra) => ({ kind: 'missing-extra' as const, name, extra })),
    ...(isYanked ? [{ kind: 'yanked' as const, name, reason: yankedReason }] : []),
  ]
}

function senselessMarkers({ environment }: Manifest): ResolutionWarning[] {
  return [...environment.senseless].map((requirement) => ({
    kind: 'senseless-marker',
    requirement,
  }))
}
