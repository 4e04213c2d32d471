/** The request, prepared: which requirements count here, what replaces them, and which versions they pin. */

import type { NormalizedName, Requirement, SpecifierSet } from '@cheeseshop/packaging'
import { Environment, mentionsExtra } from './environment.ts'
import type { ResolveRequest, StatedRequirement } from './request.ts'

export class Manifest {
  readonly request: ResolveRequest
  readonly environment: Environment
  /** What the user asks for, after overrides and excludes. */
  readonly stated: readonly StatedRequirement[]
  readonly constraints: ReadonlyMap<NormalizedName, readonly StatedRequirement[]>
  readonly #overrides: ReadonlyMap<NormalizedName, readonly StatedRequirement[]>

  constructor(request: ResolveRequest) {
    this.request = request
    const { environment, pythonVersion, pythonBounds = 'all' } = request
    this.environment = new Environment(environment, pythonVersion, pythonBounds)
    this.constraints = this.#byName(request.constraints)
    this.#overrides = this.#byName(request.overrides)
    this.stated = request.requirements.flatMap(({ requirement, origin }) => {
      const replacing = this.#overrides.get(requirement.normalizedName)
      if (this.#isExcluded(requirement)) return []
      if (replacing) return replacing
      return this.environment.applies(requirement) ? [{ requirement, origin }] : []
    })
  }

  /** Of what a version asks for: the requirements in force by themselves, or through an extra. */
  inForce(requires: readonly Requirement[], extra?: NormalizedName): Requirement[] {
    return requires.flatMap((requirement) => {
      if (this.#isExcluded(requirement)) return []
      const replacing = this.#overrides
        .get(requirement.normalizedName)
        ?.map((override) => override.requirement)
      const isAlways = replacing !== undefined && !mentionsExtra(requirement)
      const counts = isAlways ? extra === undefined : this.environment.applies(requirement, extra)
      return counts ? (replacing ?? [requirement]) : []
    })
  }

  /** Everything the user wrote that counts here, constraints and overrides too. */
  *everyStatement(): Iterable<StatedRequirement> {
    yield* this.stated
    for (const list of this.constraints.values()) yield* list
    for (const list of this.#overrides.values()) yield* list
  }

  #isExcluded(requirement: Requirement): boolean {
    return this.request.excludes?.has(requirement.normalizedName) === true
  }

  #byName(
    statements: readonly StatedRequirement[] = [],
  ): Map<NormalizedName, readonly StatedRequirement[]> {
    const inForce = statements.filter(({ requirement }) => this.environment.applies(requirement))
    return Map.groupBy(inForce, ({ requirement }) => requirement.normalizedName)
  }
}

/** The version text that a set of specifiers pins a project to, if its only clause is `==` or `===` with a whole version. */
export function isPin({ specifiers }: SpecifierSet): boolean {
  return specifiers.length === 1 && specifiers.every(isPinClause)
}

export function isPinClause({ operator, isWildcard }: SpecifierSet['specifiers'][number]): boolean {
  return operator === '===' || (operator === '==' && !isWildcard)
}
