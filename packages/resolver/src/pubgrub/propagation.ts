/** Draws conclusions: keeps the incompatibilities, indexed by what they mention, and applies those that are due. */

import { type BitSet, countBits, difference, firstBit, hasBit, listBits, union } from './bit-set.ts'
import type { Incompatibility } from './incompatibility.ts'
import type { PartialSolution } from './partial-solution.ts'
import { absent, type Variable } from './variable.ts'

/** Up to this many values a term is looked up by value. */
const narrowLimit = 32

/**
 * Unit propagation. An incompatibility is looked at when it is new, when one of its terms comes to hold, and when a
 * step back took away what followed from it while it was younger than that step.
 */
export class Propagation {
  readonly #solution: PartialSolution
  readonly #changed: Variable[] = []
  readonly #fresh: Incompatibility[] = []
  /** Incompatibilities with the level they came on, ascending; those of level 0 are done with. */
  readonly #young: { readonly incompatibility: Incompatibility; level: number }[] = []

  constructor(solution: PartialSolution) {
    this.#solution = solution
  }

  add(incompatibility: Incompatibility): void {
    for (const [at, variable] of incompatibility.variables.entries()) {
      const set = incompatibility.sets[at]!
      if (hasBit(set, absent) || countBits(set, narrowLimit) > narrowLimit) {
        variable.broad.push(incompatibility)
        continue
      }
      if (at === 0) incompatibility.isFirstNarrow = true
      for (const value of listBits(set)) addNarrow(variable, value, incompatibility)
    }
    this.look(incompatibility)
  }

  /**
   * Lets a fact hold for more values of its first variable. What was concluded from it stays true: each conclusion is
   * one that the larger fact allows as well.
   */
  grow(incompatibility: Incompatibility, values: BitSet): void {
    const variable = incompatibility.variables[0]!
    const before = incompatibility.sets[0]!
    incompatibility.sets[0] = union(before, values)
    incompatibility.contradictedStamp = 0
    if (incompatibility.isFirstNarrow) {
      for (const value of listBits(difference(values, before))) {
        addNarrow(variable, value, incompatibility)
      }
    }
    this.look(incompatibility)
  }

  /** Makes sure that an incompatibility is applied when the conclusions are drawn next. */
  look(incompatibility: Incompatibility): void {
    this.#fresh.push(incompatibility)
    const { level } = this.#solution
    if (level > 0) this.#young.push({ incompatibility, level })
  }

  noteChange(variable: Variable): void {
    this.#changed.push(variable)
  }

  /** Goes back to a level, and looks again at what came later. */
  backtrack(level: number): void {
    this.#solution.backtrack(level)
    this.#changed.length = 0
    for (let at = this.#young.length - 1; at >= 0 && this.#young[at]!.level > level; at--) {
      this.#young[at]!.level = level
      this.#fresh.push(this.#young[at]!.incompatibility)
    }
    if (level === 0) this.#young.length = 0
  }

  /** Concludes until nothing follows any more; returns an incompatibility whose terms all hold, if there is one. */
  run(): Incompatibility | undefined {
    for (;;) {
      const fresh = this.#fresh.pop()
      if (fresh !== undefined) {
        if (!this.#apply(fresh)) return fresh
        continue
      }
      const variable = this.#changed.pop()
      if (variable === undefined) return undefined
      const violated = this.#visit(variable)
      if (violated) return violated
    }
  }

  /** A term comes to hold only where all that is left lies in it, so any value left finds the narrow ones. */
  #visit(variable: Variable): Incompatibility | undefined {
    const value = firstBit(variable.left)
    const narrow = value === absent ? undefined : variable.narrow.get(value)
    return this.#applyAll(narrow) ?? this.#applyAll(variable.broad)
  }

  /** The newest first: they say most. */
  #applyAll(incompatibilities: readonly Incompatibility[] = []): Incompatibility | undefined {
    for (let at = incompatibilities.length - 1; at >= 0; at--) {
      if (!this.#apply(incompatibilities[at]!)) return incompatibilities[at]
    }
    return undefined
  }

  /** Returns false if the incompatibility is violated. */
  #apply(incompatibility: Incompatibility): boolean {
    const standing = this.#solution.standing(incompatibility)
    if (standing === 'harmless') return true
    if (standing === 'violated') return false
    const variable = incompatibility.variables[standing]!
    this.#solution.exclude(variable, incompatibility.sets[standing]!, incompatibility)
    this.#changed.push(variable)
    return true
  }
}

function addNarrow(variable: Variable, value: number, incompatibility: Incompatibility): void {
  const known = variable.narrow.get(value)
  if (known) known.push(incompatibility)
  else variable.narrow.set(value, [incompatibility])
}
