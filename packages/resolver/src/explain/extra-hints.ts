/** Extras of one project that exclude each other: nothing is wrong with any of them alone. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { RequirementFact } from '../facts.ts'
import type { Project } from '../project.ts'
import { isDisjoint } from '../pubgrub/bit-set.ts'
import type { ProofFact } from './proof-facts.ts'

export interface ExtrasHint {
  readonly kind: 'extras'
  readonly name: NormalizedName
  readonly extras: readonly [string, string]
  /** What they do not agree on. */
  readonly target: NormalizedName
}

export function describeExtras({ name, extras, target }: ExtrasHint): string {
  return `the extras ${extras.join(' and ')} of ${name} want different versions of ${target}; ask for one of them, in an environment or a lock of its own`
}

/** The first two that no version of what they require fits. */
export function extraHints(facts: readonly ProofFact[]): ExtrasHint[] {
  const demands = facts.flatMap(({ fact }) => (isOfExtra(fact) ? [fact] : []))
  for (const [at, one] of demands.entries()) {
    const other = demands.slice(at + 1).find((each) => areApart(one, each))
    if (other === undefined) continue
    const extras: [string, string] =
      one.extra < other.extra ? [one.extra, other.extra] : [other.extra, one.extra]
    return [{ kind: 'extras', name: one.project.name, extras, target: one.target.name }]
  }
  return []
}

interface Demand extends RequirementFact {
  readonly project: Project
  readonly extra: NormalizedName
}

function isOfExtra(fact: ProofFact['fact']): fact is Demand {
  return fact.kind === 'requirement' && fact.project !== undefined && fact.extra !== undefined
}

function areApart(one: Demand, other: Demand): boolean {
  if (one.project !== other.project || one.extra === other.extra || one.target !== other.target)
    return false
  const [mine, yours] = [one, other].map(({ target, requirement }) =>
    target.matching(requirement.specifier),
  )
  return isDisjoint(mine!, yours!)
}
