/** Overrides and excludes: what stands in for the requirements that versions declare. */

import type { NormalizedName, Requirement, Version } from '@cheeseshop/packaging'
import { type Environment, mentionsExtra } from './environment.ts'
import type { Candidate } from './provider.ts'
import type { Exclusion, Override, ResolveChoices, Scope, StatedRequirement } from './request.ts'

/** Who declares a requirement: a version, or nobody where the user does. */
export type Declarer = Pick<Candidate, 'name' | 'version'> | undefined

export class Replacements {
  readonly #overrides: ReadonlyMap<NormalizedName, readonly Override[]>
  readonly #excludes: ReadonlyMap<NormalizedName, readonly Exclusion[]>
  readonly #environment: Environment

  constructor({ overrides = [], excludes = [] }: ResolveChoices, environment: Environment) {
    this.#overrides = Map.groupBy(overrides, ({ requirement }) => requirement.normalizedName)
    this.#excludes = Map.groupBy(excludes, ({ name }) => name)
    this.#environment = environment
  }

  /** What counts instead of a requirement; nothing where it counts itself. An excluded one is replaced by none. */
  of(name: NormalizedName, declarer: Declarer): readonly StatedRequirement[] | undefined {
    if (nearest(this.#excludes.get(name), declarer)) return []
    return nearest(this.#overrides.get(name), declarer)?.filter(({ requirement }) =>
      this.#environment.applies(requirement),
    )
  }

  /** Of the requirements that a version declares, those in force by themselves, or through an extra. */
  apply(
    requires: readonly Requirement[],
    declarer: Declarer,
    extra: NormalizedName | undefined,
  ): Requirement[] {
    const inForce = requires.flatMap((requirement) => {
      const replacing = this.of(requirement.normalizedName, declarer)
      const isAlways = replacing !== undefined && !mentionsExtra(requirement)
      const counts = isAlways ? extra === undefined : this.#environment.applies(requirement, extra)
      if (!counts) return []
      return replacing?.map((override) => override.requirement) ?? [requirement]
    })
    return extra === undefined ? [...inForce, ...this.#added(requires, declarer)] : inForce
  }

  /** Everything that stands in for something somewhere. */
  *all(): Iterable<StatedRequirement> {
    for (const list of this.#overrides.values()) {
      for (const each of list) if (this.#environment.applies(each.requirement)) yield each
    }
  }

  /** An override for the versions of one project also adds what they do not declare. */
  #added(requires: readonly Requirement[], declarer: Declarer): Requirement[] {
    if (declarer === undefined || this.#overrides.size === 0) return []
    const declared = new Set(requires.map(({ normalizedName }) => normalizedName))
    return [...this.#overrides].flatMap(([name, list]) => {
      const isOwn = list.some(({ within }) => within?.name === declarer.name)
      if (!isOwn || declared.has(name)) return []
      const own = (this.of(name, declarer) as readonly Override[] | undefined) ?? []
      return own.filter(({ within }) => within !== undefined).map(({ requirement }) => requirement)
    })
  }
}

/** Those for this version count more than those for its project, and these more than those for all. */
function nearest<Scoped extends { readonly within?: Scope | undefined }>(
  all: readonly Scoped[] | undefined,
  declarer: Declarer,
): readonly Scoped[] | undefined {
  if (all === undefined) return undefined
  const byNearness = [3, 2, 1].map((level) => {
    return all.filter(({ within }) => nearness(within, declarer) === level)
  })
  return byNearness.find((list) => list.length > 0)
}

/** 0 where the scope is another. */
function nearness(within: Scope | undefined, declarer: Declarer): number {
  if (within === undefined) return 1
  if (within.name !== declarer?.name) return 0
  if (within.version === undefined) return 2
  return isSame(within.version, declarer.version) ? 3 : 0
}

function isSame(a: Version, b: Version): boolean {
  return a.sortKey === b.sortKey
}
