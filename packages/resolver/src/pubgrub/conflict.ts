/** Learns from a violated incompatibility: what must not be done again, and how far back the mistake lies. */

import { type BitSet, isSubset } from './bit-set.ts'
import { type Incompatibility, resolvent } from './incompatibility.ts'
import type { Assignment, Variable } from './variable.ts'

/** What was learned. */
export interface Lesson {
  readonly learned: Incompatibility
  /** What completed the violation, and the level to go back to; nothing where there is no way out. */
  readonly back: { readonly variable: Variable; readonly level: number } | undefined
}

/**
 * Conflict resolution: replaces the step that completed the violation by its cause until the blame lies with one
 * decision. Source: the PubGrub algorithm of Natalie Weizenbaum.
 */
export function resolveConflict(violated: Incompatibility): Lesson {
  let learned = violated
  for (;;) {
    if (learned.isFailure) return { learned, back: undefined }
    const { step, levelBefore } = findLastStep(learned)
    const { variable, cause } = step
    if (cause === undefined || levelBefore < step.level) {
      return { learned, back: { variable, level: levelBefore } }
    }
    learned = resolvent(learned, cause, variable)
  }
}

/**
 * The step after which all terms held, and the highest level that the other terms need. Back on that level the term of
 * the last step is open, whatever made it hold: otherwise it would have been ruled out there. So the rest forces its opposite.
 */
function findLastStep(violated: Incompatibility): { step: Assignment; levelBefore: number } {
  const steps = violated.variables.map((variable, at) => firstWithin(variable, violated.sets[at]!))
  const step = steps.reduce((a, b) => (a.at > b.at ? a : b))
  const levels = steps.map((each) => (each === step ? 0 : each.level))
  return { step, levelBefore: Math.max(...levels) }
}

/** The first step that left nothing outside the set; all later ones leave less. */
function firstWithin({ history }: Variable, set: BitSet): Assignment {
  let low = 0
  let high = history.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (isSubset(history[middle]!.left, set)) high = middle
    else low = middle + 1
  }
  return history[low]!
}
