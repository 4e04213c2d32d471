/** What has been decided and what follows from it, in order, and how to take it back. */

import { type BitSet, difference, isDisjoint, oneBit } from './bit-set.ts'
import type { Incompatibility } from './incompatibility.ts'
import type { Assignment, Variable } from './variable.ts'

/** How an incompatibility stands: all terms hold, nothing follows, or one term (its number) is open and the rest hold. */
export type Standing = 'violated' | 'harmless' | number

/** The steps so far. Each decision but those of level 0 opens a level; going back closes levels. */
export class PartialSolution {
  readonly #steps: Assignment[] = []
  /** A number for each open level; a level that is closed and opened again has another one. */
  readonly #stamps = [1]
  #lastStamp = 1

  get level(): number {
    return this.#stamps.length - 1
  }

  /** Decides on level 0, where nothing is ever taken back. */
  give(variable: Variable, value: number): void {
    this.#assign(variable, oneBit(variable.size, value), undefined)
    variable.decided = value
  }

  decide(variable: Variable, value: number): void {
    this.#stamps.push(++this.#lastStamp)
    this.give(variable, value)
  }

  /** Takes `values` from what is left, because of `cause`. Something must remain. */
  exclude(variable: Variable, values: BitSet, cause: Incompatibility): void {
    this.#assign(variable, difference(variable.left, values), cause)
  }

  backtrack(level: number): void {
    while (this.#steps.length > 0 && this.#steps.at(-1)!.level > level) {
      const { variable } = this.#steps.pop()!
      variable.history.pop()
      variable.left = variable.history.at(-1)?.left ?? variable.domain
      variable.decided = -1
    }
    this.#stamps.length = level + 1
  }

  standing(incompatibility: Incompatibility): Standing {
    if (this.#isContradicted(incompatibility)) return 'harmless'
    const { variables, sets } = incompatibility
    let open = -1
    for (let at = 0; at < variables.length; at++) {
      const variable = variables[at]!
      const set = sets[at]!
      if (variable.isWithin(set)) continue
      if (variable.decided >= 0 || isDisjoint(variable.left, set)) {
        incompatibility.contradictedLevel = this.level
        incompatibility.contradictedStamp = this.#stamps[this.level]!
        return 'harmless'
      }
      if (open >= 0) return 'harmless'
      open = at
    }
    return open < 0 ? 'violated' : open
  }

  #isContradicted({ contradictedLevel: level, contradictedStamp }: Incompatibility): boolean {
    return this.#stamps[level] === contradictedStamp
  }

  #assign(variable: Variable, left: BitSet, cause: Incompatibility | undefined): void {
    const step = { variable, left, cause, level: this.level, at: this.#steps.length }
    this.#steps.push(step)
    variable.history.push(step)
    variable.left = left
  }
}
