/** What is to be locked, for one environment or for many. */

import type { Marker, NormalizedName, SpecifierSet, Version } from '@cheeseshop/packaging'
import type {
  Pin,
  RequiredBy,
  Resolution,
  UniversalPin,
  UniversalResolution,
} from '@cheeseshop/resolver'

export interface LockAnswer {
  readonly requiresPython: SpecifierSet
  readonly pins: readonly LockedPin[]
  /** Nothing where it is for one environment. */
  readonly many?: {
    /** Where it holds; everywhere without any. */
    readonly environments: readonly Marker[]
    /** The parts that were answered apart, so that the next lock begins with them. */
    readonly forks: readonly Marker[]
  }
}

export interface LockedPin {
  readonly candidate: Pin['candidate']
  readonly requiredBy: readonly RequiredBy[]
  readonly requiresPython: SpecifierSet | undefined
  /** Where it is needed; everywhere without one. */
  readonly marker?: Marker | undefined
  /** The version only where there are several. */
  readonly dependencies: readonly { readonly name: NormalizedName; readonly version?: Version }[]
}

export function answerForOne({ pins }: Resolution, requiresPython: SpecifierSet): LockAnswer {
  const locked = [...pins.values()].map(({ dependencies, ...pin }) => {
    return { ...pin, dependencies: dependencies.map((name) => ({ name })) }
  })
  return { requiresPython, pins: locked }
}

export function answerForMany(
  { pins, forks }: UniversalResolution,
  requiresPython: SpecifierSet,
  environments: readonly Marker[],
): LockAnswer {
  const counts = Map.groupBy(pins, ({ candidate }) => candidate.name)
  const locked = pins.map(({ dependencies, ...pin }) => ({
    ...pin,
    dependencies: dependencies.map(({ name, version }) =>
      (counts.get(name) ?? []).length > 1 ? { name, version } : { name },
    ),
  }))
  return { requiresPython, pins: locked, many: { environments, forks } }
}

/** Whether the user asked for it. */
export function isStated({ requiredBy }: UniversalPin): boolean {
  return requiredBy.some(({ name }) => name === undefined)
}
