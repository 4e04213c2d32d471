/** Many environments at once: what holds in all of them, and what divides them. */

import {
  type Marker,
  type MarkerSet,
  type NormalizedName,
  parseMarker,
  parseVersion,
  type Requirement,
  type SpecifierSet,
  type Version,
} from '@cheeseshop/packaging'
import type { CoverageQuestion, Environment } from '../environment.ts'
import type { Unusable } from '../provider.ts'
import { divideRequirements, orderParts } from './divide-requirements.ts'
import { Fork } from './fork.ts'
import { placePins } from './place-pins.ts'
import type { RequirementSets } from './requirement-sets.ts'

/** What all parts of a universal search have in common. */
export interface ForkRules {
  readonly markers: RequirementSets
  /** All environments asked about. */
  readonly everywhere: MarkerSet
  /** Environments for which there must be files. */
  readonly required: readonly MarkerSet[]
  /** Whether a version that needs a later Python divides, rather than being left out. */
  readonly dividesByPython: boolean
  /** Whether the part with the latest Python is solved first. */
  readonly hasLatestFirst: boolean
}

/** The part of all environments that `within` holds. */
export class ForkEnvironment implements Environment {
  readonly within: MarkerSet
  readonly python: Version
  readonly #rules: ForkRules
  readonly #verdicts = new Map<SpecifierSet, ReturnType<Environment['judgePython']>>()

  constructor(within: MarkerSet, rules: ForkRules) {
    this.within = within
    this.#rules = rules
    this.python = parseVersion((within.lowestPython ?? [0]).join('.'))
  }

  get place(): string | undefined {
    return this.within.toMarker(this.#rules.everywhere)?.toString()
  }

  get senseless(): ReadonlySet<string> {
    return this.#rules.markers.senseless
  }

  applies(requirement: Requirement, extra?: NormalizedName): boolean {
    if (extra !== undefined && requirement.marker === undefined) return false
    const own = this.#rules.markers.of(requirement)
    if (extra === undefined) return !own.isDisjointFrom(this.within)
    const through = this.#rules.markers.of(requirement, extra)
    return through !== own && !through.isDisjointFrom(this.within)
  }

  /** An upper bound of Requires-Python says nothing: no lock ends where Python does. */
  judgePython(requiresPython: SpecifierSet): ReturnType<Environment['judgePython']> {
    let verdict = this.#verdicts.get(requiresPython)
    if (verdict === undefined) {
      verdict = this.#judgePython(this.#rules.markers.pythonsFrom(requiresPython))
      this.#verdicts.set(requiresPython, verdict)
    }
    return verdict
  }

  #judgePython(accepted: MarkerSet): ReturnType<Environment['judgePython']> {
    if (this.within.isSubsetOf(accepted)) return 'accepts'
    const canDivide = this.#rules.dividesByPython && !this.within.isDisjointFrom(accepted)
    return canDivide ? 'divides' : 'refuses'
  }

  divideByPython(requiresPython: SpecifierSet): never {
    const accepted = this.#rules.markers.pythonsFrom(requiresPython)
    throw new Fork([this.within.intersect(accepted), this.within.intersect(accepted.complement())])
  }

  divideByMarkers(
    requirements: readonly Requirement[],
    constraints: readonly Requirement[],
    extra?: NormalizedName,
  ): void {
    const { markers, hasLatestFirst } = this.#rules
    const placed = requirements.flatMap((requirement) => {
      const place = markers.of(requirement, extra)
      const narrowing = constraints.flatMap((constraint) => {
        if (constraint.normalizedName !== requirement.normalizedName) return []
        const both = markers.of(constraint).intersect(place)
        return both.isEmpty() ? [] : [{ requirement: constraint, place: both }]
      })
      return [{ requirement, place }, ...narrowing]
    })
    const parts = divideRequirements(placed, this.within)
    if (parts.length > 1) throw new Fork(orderParts(parts, placed, hasLatestFirst))
  }

  isConstrained(constraint: Requirement, requirement?: Requirement): boolean {
    const { markers } = this.#rules
    const required = requirement ? markers.of(requirement).intersect(this.within) : this.within
    return !required.isEmpty() && required.isSubsetOf(markers.of(constraint))
  }

  judgeCoverage(question: CoverageQuestion): 'take' | 'take-public' | Unusable {
    const runsOn = this.#setOf(question.candidate.runsOn)
    return this.#judgeRequired(runsOn, question) ?? this.#judgeLocal(runsOn, question)
  }

  /** A version without a file for an environment that must have one is for the others only. */
  #judgeRequired(
    runsOn: MarkerSet,
    { candidate, reasons }: CoverageQuestion,
  ): Unusable | undefined {
    for (const required of this.#rules.required) {
      if (required.isDisjointFrom(this.within) || !required.isDisjointFrom(runsOn)) continue
      const places = placePins(reasons(), this.within, this.#rules.markers)
      if (places.get(candidate.name)?.isDisjointFrom(required) !== false) continue
      if (this.within.isSubsetOf(required)) {
        return { kind: 'tags', message: `has no wheel for ${required.toMarker()}` }
      }
      throw new Fork([
        this.within.intersect(required.complement()),
        this.within.intersect(required),
      ])
    }
    return undefined
  }

  /** `2.0+cpu` may have wheels for fewer systems than 2.0: the others get that. */
  #judgeLocal(
    runsOn: MarkerSet,
    { candidate, publicCandidate }: CoverageQuestion,
  ): 'take' | 'take-public' {
    const base = candidate.version.local === undefined ? undefined : publicCandidate()
    if (base === undefined) return 'take'
    let rest = this.#setOf(base.runsOn).intersect(runsOn.complement())
    if (rest.isDisjointFrom(this.within)) return 'take'
    if (runsOn.isDisjointFrom(this.within)) return 'take-public'
    for (const platform of this.#platforms) {
      const isTheirs = platform.isDisjointFrom(runsOn) && !platform.isDisjointFrom(rest)
      if (isTheirs) rest = rest.union(platform)
    }
    const [without, within] = [rest.complement(), rest].map((part) => this.within.intersect(part))
    throw new Fork([without!, within!])
  }

  get #platforms(): MarkerSet[] {
    return ['darwin', 'linux', 'win32'].map((name) =>
      this.#setOf(parseMarker(`sys_platform == "${name}"`)),
    )
  }

  #setOf(marker: Marker | undefined): MarkerSet {
    return this.#rules.markers.sets.of(marker)
  }
}
