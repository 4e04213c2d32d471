/** Incompatibilities: sets of values that no solution may combine, and where each comes from. */

import { type BitSet, intersection, isSame, union } from './bit-set.ts'
import type { Variable } from './variable.ts'

/** "Not all of these at once": variable n taking a value of set n, for every n. */
export class Incompatibility {
  readonly variables: readonly Variable[]
  /** Parallel to `variables`. A fact's first set may be replaced by a larger one; see `Propagation.grow`. */
  readonly sets: BitSet[]
  readonly origin: Origin
  /** Whether the first variable looks this up by value; see `Propagation.add`. */
  isFirstNarrow = false
  /** Known to be contradicted as long as this stamp is in force; see `PartialSolution.isInForce`. */
  contradictedLevel = 0
  contradictedStamp = 0

  constructor(variables: readonly Variable[], sets: BitSet[], origin: Origin) {
    this.variables = variables
    this.sets = sets
    this.origin = origin
  }

  /** Whether only things that are as they are remain to be blamed. */
  get isFailure(): boolean {
    return this.variables.every((variable) => variable.isGiven)
  }
}

/** A fact about the world, in words only the caller knows, or what follows from two other incompatibilities. */
export type Origin =
  | { readonly fact: object }
  | { readonly fact?: undefined; readonly from: readonly [Incompatibility, Incompatibility] }

/** Makes an incompatibility, leaving out terms that say nothing because they hold in any case. */
export function incompatibility(
  terms: Iterable<readonly [Variable, BitSet]>,
  origin: Origin,
): Incompatibility {
  const telling = [...terms].filter(([variable, set]) => !isSame(set, variable.domain))
  return new Incompatibility(
    telling.map(([variable]) => variable),
    telling.map(([, set]) => set),
    origin,
  )
}

/** The rule of resolution: what follows from both, with `pivot` taken out as far as they disagree on it. */
export function resolvent(
  a: Incompatibility,
  b: Incompatibility,
  pivot: Variable,
): Incompatibility {
  const terms = new Map<Variable, BitSet>()
  for (const [at, variable] of a.variables.entries()) terms.set(variable, a.sets[at]!)
  for (const [at, variable] of b.variables.entries()) {
    const known = terms.get(variable)
    const set = b.sets[at]!
    const combine = variable === pivot ? union : intersection
    terms.set(variable, known === undefined ? set : combine(known, set))
  }
  return incompatibility(terms, { from: [a, b] })
}
