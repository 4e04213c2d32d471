/** Why there is no solution: what was asked for, and for each project that stands in the way, what is wrong with which versions. */

import type { NormalizedName, Version } from '@cheeseshop/packaging'
import type { Fact, RequirementFact } from '../facts.ts'
import type { Project } from '../project.ts'
import {
  type BitSet,
  intersection,
  isDisjoint,
  isEmpty,
  listBits,
  noBits,
  union,
} from '../pubgrub/bit-set.ts'
import type { ProofFact } from './proof-facts.ts'
import { formatDemand, listStated, problemOf, type StatedPart } from './stated-parts.ts'
import { listVersions } from './version-list.ts'

export interface Explanation {
  /** The user's requirements and constraints that are part of the conflict. */
  readonly stated: readonly StatedPart[]
  /** The projects in the way, those the user asked for first. */
  readonly obstacles: readonly Obstacle[]
}

export interface Obstacle {
  readonly name: NormalizedName
  /** Which versions count: `3 versions, 1.0 to 1.2`. */
  readonly considered: string
  readonly reasons: readonly Reason[]
}

export interface Reason {
  /** `1.0 to 1.2`, or with the extra that is the reason `1.0[x]`. */
  readonly versions: string
  readonly why: string
}

export function explainFacts(facts: readonly ProofFact[], python: Version): Explanation {
  const subjects = Map.groupBy(facts, ({ fact }) =>
    fact.kind === 'constraint' ? undefined : fact.project,
  )
  const stated = listStated(facts)
  const involved = new Set(facts.flatMap(({ fact }) => projectsOf(fact)))
  const order = stated.map(({ name }) => name)
  const place = ({ name }: Project) => (order.indexOf(name) + order.length + 1) % (order.length + 1)
  const inOrder = [...involved].sort((a, b) => place(a) - place(b))
  const obstacles = [
    ...inOrder
      .filter((project) => subjects.has(project))
      .map((project) => describeObstacle(project, subjects.get(project)!, facts, python)),
    ...inOrder
      .filter((project) => !subjects.has(project))
      .flatMap((project) => describeClash(project, facts)),
  ]
  return { stated, obstacles }
}

function describeObstacle(
  project: Project,
  about: readonly ProofFact[],
  facts: readonly ProofFact[],
  python: Version,
): Obstacle {
  const considered = versionsConsidered(project, facts)
  return {
    name: project.name,
    considered: describeConsidered(project, considered),
    reasons: listReasons(about, considered, python),
  }
}

/** Where nothing is wrong with a project but what is asked of it: one demand that goes with none of the others. */
function describeClash(project: Project, facts: readonly ProofFact[]): Obstacle[] {
  const demands = facts
    .map(({ fact }) => fact)
    .filter((fact) => fact.kind === 'constraint' || fact.kind === 'requirement')
    .filter((fact) => projectsOf(fact).at(-1) === project)
    .sort((a, b) => Number(!isStated(a)) - Number(!isStated(b)))
  const asked = new Map<string, BitSet>()
  for (const { requirement } of demands) {
    const matching = project.matching(requirement.specifier)
    if (!isEmpty(matching)) asked.set(requirement.specifier.specifiers.join(','), matching)
  }
  const texts = [...asked.keys()]
  const apart = texts.find((one) =>
    texts.every((other) => other === one || isDisjoint(asked.get(one)!, asked.get(other)!)),
  )
  if (apart === undefined || texts.length < 2) return []
  const others = texts.filter((text) => text !== apart)
  const considered =
    others.length === 1
      ? `no version matches both ${apart} and ${others[0]}`
      : `no version matches ${apart} and one of ${others.slice(0, 3).join(' | ')}${others.length > 3 ? ' | ...' : ''}`
  return [{ name: project.name, considered, reasons: [] }]
}

function isStated(fact: Fact): boolean {
  return fact.kind === 'requirement' && fact.stated !== undefined
}

/** The versions that what asks for the project allows, as far as the proof mentions it. */
export function versionsConsidered(project: Project, facts: readonly ProofFact[]): BitSet {
  let allowed = project.versions
  let asked = noBits(project.size)
  for (const { fact } of facts) {
    if (fact.kind === 'constraint' && fact.project === project) {
      allowed = intersection(allowed, project.matching(fact.requirement.specifier))
    }
    if (fact.kind !== 'requirement' || fact.target !== project) continue
    const matching = project.matching(fact.requirement.specifier)
    if (fact.project === undefined) allowed = intersection(allowed, matching)
    else asked = union(asked, matching)
  }
  const isWanted = facts.some(({ fact }) => isRequirementOn(fact, project) && isStated(fact))
  const considered = isWanted || isEmpty(asked) ? allowed : intersection(allowed, asked)
  return isEmpty(considered) ? project.versions : considered
}

function isRequirementOn(fact: Fact, project: Project): fact is RequirementFact {
  return fact.kind === 'requirement' && fact.target === project
}

/** Who asks, if it is a project, then whom. */
function projectsOf(fact: Fact): Project[] {
  if (fact.kind !== 'requirement') return [fact.project]
  return fact.project ? [fact.project, fact.target] : [fact.target]
}

function describeConsidered(project: Project, considered: BitSet): string {
  const count = listBits(considered).length
  const total = project.candidates.length
  const text = listVersions(project, considered, project.versions)
  if (total === 1) return `the only version is ${text}`
  if (count === total) return `${total} versions, ${text}`
  return `${count} of ${total} versions ${count === 1 ? 'matches' : 'match'}, ${text}`
}

type Subject = Exclude<Fact, { kind: 'constraint' }>

interface Row {
  readonly fact: Subject
  readonly versions: BitSet
  /** Rows of one kind may be many, and then stand for each other. */
  readonly kind: string
  readonly values: readonly number[]
}

/** The newest versions first. */
function listReasons(facts: readonly ProofFact[], considered: BitSet, python: Version): Reason[] {
  const rows = facts.flatMap((each) => toRow(each, considered))
  rows.sort((a, b) => b.values.at(-1)! - a.values.at(-1)!)
  return [...Map.groupBy(rows, ({ kind }) => kind).values()].flatMap((kind) => {
    const reasons = (some: readonly Row[]) => some.map((row) => toReason(row, considered, python))
    if (kind.length <= 5) return reasons(kind)
    // Rows that differ only in the range they name: the ends are enough.
    return [
      ...reasons(kind.slice(0, 2)),
      ...summarize(kind.slice(2, -1)),
      ...reasons(kind.slice(-1)),
    ]
  })
}

function toRow({ fact, versions }: ProofFact, considered: BitSet): Row[] {
  if (fact.kind === 'constraint' || fact.project === undefined) return []
  const relevant = intersection(versions, considered)
  const shown = isEmpty(relevant) ? versions : relevant
  return [{ fact, versions: shown, kind: kindOf(fact), values: listBits(shown) }]
}

function kindOf(fact: Subject): string {
  if (fact.kind === 'requirement') return `requires ${fact.target.name}${extraOf(fact)}`
  return fact.kind === 'unusable' ? fact.reason.kind : fact.kind
}

function toReason({ fact, versions }: Row, considered: BitSet, python: Version): Reason {
  return {
    versions: listVersions(fact.project!, versions, considered) + extraOf(fact),
    why: describe(fact, python),
  }
}

function summarize(rows: readonly Row[]): Reason[] {
  const count = rows.reduce((sum, { values }) => sum + values.length, 0)
  const { kind, fact } = rows[0]!
  const why = `${fact.kind === 'requirement' ? kind : 'is no better'}, each in its own way`
  return [{ versions: `${count} between`, why }]
}

function extraOf(fact: Fact): string {
  return fact.kind === 'requirement' && fact.extra ? `[${fact.extra}]` : ''
}

function describe(fact: Subject, python: Version): string {
  switch (fact.kind) {
    case 'requirement': {
      const problem = problemOf(fact)
      return `requires ${formatDemand(fact.requirement)}${problem ? `: ${problem}` : ''}`
    }
    case 'unusable':
      return fact.reason.message
    case 'python':
      return `requires Python ${fact.requires}; this is ${python}`
    case 'pip-rule':
      return 'is a pre-release or yanked, and no requirement asks for it'
  }
}
