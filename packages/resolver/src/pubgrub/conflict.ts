/** Learns from a violated incompatibility: what must not be done again, and how far back the mistake lies. */

import { difference, intersection, isSubset } from './bit-set.ts'
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

/** The step after which all terms held, and the highest level of what else they need. */
function findLastStep(violated: Incompatibility): { step: Assignment; levelBefore: number } {
  const steps = violated.variables.map((variable, at) =>
    findStep(variable, (step) => isSubset(step.left, violated.sets[at]!)),
  )
  const last = steps.reduce((a, b) => (a!.at > b!.at ? a : b))!
  const term = violated.sets[steps.indexOf(last)]!
  const levels = steps.map((step) => (step === last ? levelNeededBeside(last, term) : step!.level))
  return { step: last, levelBefore: Math.max(...levels) }
}

/** A step may complete its term only together with earlier steps of the same variable. */
function levelNeededBeside({ variable, cause }: Assignment, term: Int32Array): number {
  if (cause === undefined) return 0
  const kept = difference(variable.domain, cause.sets[cause.variables.indexOf(variable)]!)
  if (isSubset(kept, term)) return 0
  const isEnough = (step: Assignment) => isSubset(intersection(step.left, kept), term)
  return findStep(variable, isEnough)?.level ?? 0
}

/** The first step with a property that all later ones have too. */
function findStep(variable: Variable, has: (step: Assignment) => boolean): Assignment | undefined {
  const { history } = variable
  let low = 0
  let high = history.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (has(history[middle]!)) high = middle
    else low = middle + 1
  }
  return history[low]
}
