/** What the user wrote that is part of the conflict, and how requirements are put in words. */

import type { NormalizedName, Requirement } from '@cheeseshop/packaging'
import type { RequirementFact } from '../facts.ts'
import type { Project } from '../project.ts'
import { isEmpty } from '../pubgrub/bit-set.ts'
import type { ProofFact } from './proof-facts.ts'
import { listVersions } from './version-list.ts'

export interface StatedPart {
  readonly name: NormalizedName
  /** As written, without its marker: `b>=1,<2`. */
  readonly requirement: string
  readonly statedIn: string
  readonly isConstraint: boolean
  /** What is wrong with it whatever else is chosen. */
  readonly problem: string | undefined
}

/** In the order of the user's own list. */
export function listStated(facts: readonly ProofFact[]): StatedPart[] {
  const parts: Parameters<typeof addPart>[0] = new Map()
  for (const { fact } of facts) {
    if (fact.kind === 'constraint') {
      const { requirement, statedIn } = fact
      addPart(parts, { requirement, statedIn, place: Number.MAX_SAFE_INTEGER })
    } else if (fact.kind === 'requirement' && fact.stated) {
      const { requirement, stated } = fact
      const problem = problemOf(fact)
      addPart(parts, { requirement, statedIn: stated.origin, place: stated.place, problem })
    }
  }
  return [...parts.values()]
    .sort((a, b) => a.place - b.place)
    .map(({ place, ...part }) => ({ ...part, isConstraint: place === Number.MAX_SAFE_INTEGER }))
}

function addPart(
  parts: Map<string, Omit<StatedPart, 'isConstraint'> & { readonly place: number }>,
  part: { requirement: Requirement; statedIn: string; place: number; problem?: string | undefined },
): void {
  const { requirement, statedIn, place, problem } = part
  const text = formatDemand(requirement)
  const known = parts.get(`${text} ${place}`)
  parts.set(`${text} ${place}`, {
    name: requirement.normalizedName,
    requirement: text,
    statedIn,
    problem: known?.problem ?? problem,
    place,
  })
}

/** As it was written, without the marker: it holds here. */
export function formatDemand({ name, extras, specifier, url }: Requirement): string {
  const wanted = extras.length > 0 ? `[${extras.join(',')}]` : ''
  return `${name}${wanted}${url ? ` @ ${url}` : specifier.specifiers.join(',')}`
}

/** What makes a requirement impossible by itself. */
export function problemOf({ target, requirement, project }: RequirementFact): string | undefined {
  if (target.missing) return target.missing.message
  if (target.candidates.length === 0) return 'there are no versions of it'
  // A version that requires another version of its own project.
  if (target === project) return 'which is not itself'
  if (!isEmpty(target.matching(requirement.specifier))) return undefined
  return `no version matches; there ${describeExisting(target)}`
}

function describeExisting(project: Project): string {
  const every = project.versions
  const text = listVersions(project, every, every)
  return project.candidates.length === 1 ? `is only ${text}` : `are ${text}`
}
