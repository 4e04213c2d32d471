/** One answer for many environments: versions with the markers that say where each is needed. */

import type {
  Marker,
  MarkerSet,
  NormalizedName,
  SpecifierSet,
  Version,
} from '@cheeseshop/packaging'
import type { Candidate } from '../provider.ts'
import type { Pin, RequiredBy, ResolutionWarning } from '../resolution.ts'
import type { SearchStats } from '../search.ts'
import type { Solution } from '../solve.ts'
import { nodeOf, placePins } from './place-pins.ts'
import type { RequirementSets } from './requirement-sets.ts'

export interface UniversalResolution {
  /** By name, then version. Of one name no two are needed in the same environment. */
  readonly pins: readonly UniversalPin[]
  /** The environments that were answered apart; none where one answer does for all. */
  readonly forks: readonly Marker[]
  readonly warnings: readonly ResolutionWarning[]
  readonly stats: SearchStats
}

export interface UniversalPin {
  readonly candidate: Candidate
  /** Where it is needed; everywhere without one. */
  readonly marker: Marker | undefined
  readonly extras: readonly NormalizedName[]
  readonly requiredBy: readonly RequiredBy[]
  readonly dependencies: readonly UniversalDependency[]
  readonly requiresPython: SpecifierSet | undefined
}

/** A version that a pin needs somewhere. */
export interface UniversalDependency {
  readonly name: NormalizedName
  readonly version: Version
}

/** What was found for a part of the environments. */
export interface Part extends Solution {
  readonly within: MarkerSet
}

interface Merged {
  place: MarkerSet
  readonly pin: Pin
  readonly extras: Set<NormalizedName>
  readonly requiredBy: Map<string, RequiredBy>
  readonly dependencies: Map<string, UniversalDependency>
}

export function mergeParts(
  parts: readonly Part[],
  everywhere: MarkerSet,
  markers: RequirementSets,
): UniversalResolution {
  const merged = new Map<string, Merged>()
  for (const part of parts) addPart(merged, part, markers)
  const pins = [...merged.values()].sort(compareMerged).map((each) => pinOf(each, everywhere))
  const warnings = parts.flatMap(({ resolution }) => resolution.warnings)
  const unique = new Map(warnings.map((warning) => [JSON.stringify(warning), warning]))
  return {
    pins,
    forks: parts.length < 2 ? [] : parts.flatMap(({ within }) => within.toMarker(everywhere) ?? []),
    warnings: [...unique.values()],
    stats: sumStats(parts),
  }
}

function addPart(merged: Map<string, Merged>, part: Part, markers: RequirementSets): void {
  const places = placePins(part.reasons, part.within, markers)
  const { pins } = part.resolution
  for (const [name, pin] of pins) {
    const place = places.get(name)
    // A project that is asked for only where nothing asks for its askers.
    if (place === undefined) continue
    const { version, url } = pin.candidate
    const key = `${name} ${version} ${url ?? ''}`
    const known = merged.get(key) ?? emptyMerged(pin, place)
    merged.set(key, known)
    known.place = known.place.union(place)
    for (const extra of pin.extras) if (places.has(nodeOf(name, extra))) known.extras.add(extra)
    for (const by of pin.requiredBy) {
      if (by.name !== undefined && !places.has(nodeOf(by.name, by.extra))) continue
      known.requiredBy.set(`${by.name}[${by.extra}] ${by.requirement} ${by.statedIn}`, by)
    }
    for (const dependency of pin.dependencies) {
      const other = pins.get(dependency)
      if (!places.has(dependency) || !other) continue
      const { version } = other.candidate
      known.dependencies.set(`${dependency} ${version}`, { name: dependency, version })
    }
  }
}

function emptyMerged(pin: Pin, place: MarkerSet): Merged {
  return { pin, place, extras: new Set(), requiredBy: new Map(), dependencies: new Map() }
}

function pinOf(merged: Merged, everywhere: MarkerSet): UniversalPin {
  const { candidate, requiresPython } = merged.pin
  return {
    candidate,
    marker: merged.place.toMarker(everywhere),
    extras: [...merged.extras].sort(),
    requiredBy: [...merged.requiredBy.values()],
    dependencies: [...merged.dependencies.values()].sort(compareNamed),
    requiresPython,
  }
}

function compareMerged(a: Merged, b: Merged): number {
  return compareNamed(a.pin.candidate, b.pin.candidate)
}

function compareNamed(a: UniversalDependency, b: UniversalDependency): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.version.sortKey < b.version.sortKey ? -1 : 1
}

function sumStats(parts: readonly Part[]): SearchStats {
  const stats = { decisions: 0, conflicts: 0, metadata: 0 }
  for (const { resolution } of parts) {
    stats.decisions += resolution.stats.decisions
    stats.conflicts += resolution.stats.conflicts
    stats.metadata += resolution.stats.metadata
  }
  return stats
}
