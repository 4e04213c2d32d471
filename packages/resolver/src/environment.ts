/** What holds where: markers and Requires-Python. Nothing else in this package looks at a marker. */

import {
  type MarkerEnvironment,
  type MarkerNode,
  MarkerTruths,
  type NormalizedName,
  type Requirement,
  rangeOf,
  type SpecifierSet,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
  type Version,
} from '@cheeseshop/packaging'
import type { Candidate, Unusable } from './provider.ts'
import type { RequiredBy } from './resolution.ts'

/** Where an answer shall hold: in one environment, or in many that are alike as far as the answer goes. */
export interface Environment {
  /** The interpreter's version without a pre-release part; of many the lowest. */
  readonly python: Version
  /** Where it is, for people; nothing where there is only one. */
  readonly place?: string | undefined
  /** Requirements left out because their marker has no meaning. */
  readonly senseless: ReadonlySet<string>
  /** Whether a requirement is in force; with an extra, whether the extra is what puts it in force. */
  applies(requirement: Requirement, extra?: NormalizedName): boolean
  /** `divides`: it accepts some of the interpreters; `divideByPython` then tells these from the others. */
  judgePython(requiresPython: SpecifierSet): 'accepts' | 'refuses' | 'divides'
  divideByPython(requiresPython: SpecifierSet): never
  /** Throws `Fork` where requirements that come together, or constraints on them, must be answered apart. */
  divideByMarkers(
    requirements: readonly Requirement[],
    constraints: readonly Requirement[],
    extra?: NormalizedName,
  ): void
  /** Whether a constraint counts: wherever `requirement` is in force, or everywhere. */
  isConstrained(constraint: Requirement, requirement?: Requirement): boolean
  /** Of a version that has wheels for some systems only: what to do. Throws `Fork` where systems must be answered apart. */
  judgeCoverage(question: CoverageQuestion): 'take' | 'take-public' | Unusable
}

export interface CoverageQuestion {
  readonly candidate: Candidate
  /** The same version without its local part, where there is one to choose. */
  readonly publicCandidate: () => Candidate | undefined
  /** What is chosen so far asks for. */
  readonly reasons: () => Iterable<RequiredBy>
}

/** The environment of one interpreter. */
export class OneEnvironment implements Environment {
  readonly python: Version
  readonly senseless = new Set<string>()
  readonly #truths: MarkerTruths
  readonly #bounds: 'all' | 'lower'
  readonly #pythons = new Map<SpecifierSet, boolean>()

  constructor(markers: MarkerEnvironment, python: Version, bounds: 'all' | 'lower') {
    this.#truths = new MarkerTruths(markers)
    this.#bounds = bounds
    this.python = python.with({ pre: undefined, post: undefined, dev: undefined, local: undefined })
  }

  applies(requirement: Requirement, extra?: NormalizedName): boolean {
    const isInForce = this.#holds(requirement, [])
    if (extra === undefined) return isInForce
    return !isInForce && mentionsExtra(requirement) && this.#holds(requirement, [extra])
  }

  judgePython(requiresPython: SpecifierSet): 'accepts' | 'refuses' {
    return this.#accepts(requiresPython) ? 'accepts' : 'refuses'
  }

  divideByPython(): never {
    throw new Error('One interpreter cannot be divided')
  }

  divideByMarkers(): void {}

  isConstrained(): boolean {
    return true
  }

  judgeCoverage(): 'take' {
    return 'take'
  }

  #accepts(requiresPython: SpecifierSet): boolean {
    let answer = this.#pythons.get(requiresPython)
    if (answer === undefined) {
      answer =
        this.#bounds === 'lower'
          ? isNotBelow(this.python, requiresPython)
          : requiresPython.contains(this.python)
      this.#pythons.set(requiresPython, answer)
    }
    return answer
  }

  #holds({ marker, ...rest }: Requirement, extras: readonly string[]): boolean {
    if (marker === undefined) return true
    try {
      return this.#truths.holds(marker, extras)
    } catch (error) {
      if (!hasNoMeaning(error)) throw error
      this.senseless.add(`${rest.name}; ${marker}`)
      return false
    }
  }
}

/** Whether a marker cannot be judged: what somebody published must not end the search. */
export function hasNoMeaning(error: unknown): boolean {
  return error instanceof UndefinedMarkerComparison || error instanceof UndefinedMarkerVariable
}

export function mentionsExtra({ marker }: Requirement): boolean {
  return marker !== undefined && nodeMentionsExtra(marker.node)
}

function nodeMentionsExtra(node: MarkerNode): boolean {
  if (node.kind !== 'comparison') return node.terms.some(nodeMentionsExtra)
  return [node.left, node.right].some(
    (operand) =>
      operand.kind === 'variable' && (operand.name === 'extra' || operand.name === 'extras'),
  )
}

function isNotBelow(python: Version, requires: SpecifierSet): boolean {
  const [lowest] = rangeOf(requires).intervals
  return lowest !== undefined && (lowest.start?.key ?? '') <= python.sortKey
}
