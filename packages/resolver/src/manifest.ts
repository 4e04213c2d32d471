/** The request, prepared: which requirements count here, what replaces them, and which versions they pin. */

import type { NormalizedName, Requirement, SpecifierSet, Version } from '@cheeseshop/packaging'
import type { Environment } from './environment.ts'
import { type Declarer, Replacements } from './replacements.ts'
import type { ResolveChoices, StatedRequirement } from './request.ts'

/** One search: what is asked for, where, and which versions are liked best. */
export interface Task {
  readonly choices: ResolveChoices
  readonly environment: Environment
  readonly preferences: Preferences
}

export interface Preferences {
  /** Versions to choose if they fit, the best first. */
  of(name: NormalizedName): readonly Version[]
  /** Versions that may be chosen although yanked. */
  readonly kept: Iterable<readonly [NormalizedName, Version]>
}

export class Manifest {
  readonly request: ResolveChoices
  readonly preferences: Preferences
  readonly environment: Environment
  /** What the user asks for, after overrides and excludes. */
  readonly stated: readonly StatedRequirement[]
  readonly constraints: ReadonlyMap<NormalizedName, readonly StatedRequirement[]>
  readonly #replacements: Replacements

  constructor({ choices: request, environment, preferences }: Task) {
    this.request = request
    this.environment = environment
    this.preferences = preferences
    this.constraints = this.#byName(request.constraints)
    this.#replacements = new Replacements(request, environment)
    this.stated = request.requirements.flatMap(({ requirement, origin }) => {
      const replacing = this.#replacements.of(requirement.normalizedName, undefined)
      if (replacing) return replacing
      return environment.applies(requirement) ? [{ requirement, origin }] : []
    })
    this.#divide(this.stated.map(({ requirement }) => requirement))
  }

  /**
   * Of what a version asks for: the requirements in force by themselves, or through an extra. Throws `Fork` where they
   * must be answered apart.
   */
  inForce(
    requires: readonly Requirement[],
    declarer: Declarer,
    extra?: NormalizedName,
  ): Requirement[] {
    const inForce = this.#replacements.apply(requires, declarer, extra)
    this.#divide(inForce, extra)
    return inForce
  }

  /** Everything the user wrote that counts here, constraints and overrides too. */
  *everyStatement(): Iterable<StatedRequirement> {
    yield* this.stated
    for (const list of this.constraints.values()) yield* list
    yield* this.#replacements.all()
  }

  #divide(requirements: readonly Requirement[], extra?: NormalizedName): void {
    const names = new Set(requirements.map(({ normalizedName }) => normalizedName))
    const constraints = [...names].flatMap((name) => this.constraints.get(name) ?? [])
    this.environment.divideByMarkers(
      requirements,
      constraints.map(({ requirement }) => requirement),
      extra,
    )
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
