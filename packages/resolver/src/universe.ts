/** The projects met so far, each with its versions and what is known to be wrong with them. */

import type { NormalizedName, Requirement, SpecifierSet } from '@cheeseshop/packaging'
import type { DirectUrls } from './direct-urls.ts'
import type { Fact } from './facts.ts'
import type { Manifest } from './manifest.ts'
import { Extra, Project } from './project.ts'
import {
  type Candidate,
  type Candidates,
  isPending,
  type Provider,
  type Unusable,
} from './provider.ts'
import { type BitSet, bitsOf, difference, oneBit } from './pubgrub/bit-set.ts'
import { type Incompatibility, incompatibility } from './pubgrub/incompatibility.ts'
import type { Propagation } from './pubgrub/propagation.ts'
import { Variable } from './pubgrub/variable.ts'
import type { VersionRules } from './version-rules.ts'

interface Surroundings {
  readonly manifest: Manifest
  readonly rules: VersionRules
  readonly urls: DirectUrls
  readonly provider: Provider
  readonly propagation: Propagation
}

export class Universe {
  /** What the user asks for, as something that can be blamed. */
  readonly root = new Variable(0, 2, true)
  /** The interpreter: one value as long as there is one environment. */
  readonly python = new Variable(1, 2, true)
  readonly projects = new Map<NormalizedName, Project>()
  readonly extras: Extra[] = []
  /** What versions that are likely to stay lead to. */
  readonly #announced = new Set<NormalizedName>()
  #lastId = 1
  readonly #around: Surroundings
  /** Facts that may grow, by what they say. */
  readonly #facts = new Map<string, Incompatibility>()

  constructor(surroundings: Surroundings) {
    this.#around = surroundings
  }

  /** Brings projects in, and what they lead to where that is likely; a promise only if the provider has to look. */
  load(names: Iterable<NormalizedName>, isLikely = true): Promise<void> | undefined {
    const all = [...new Set(names)]
    const { provider, urls } = this.#around
    if (isLikely) this.#announce(all)
    const unknown = all.filter((name) => !this.projects.has(name))
    if (unknown.length === 0) return undefined
    const answers = unknown.map((name) => provider.candidates(name, urls.get(name)))
    if (answers.some(isPending)) {
      return Promise.all(answers).then((all) => this.#addAll(unknown, all))
    }
    this.#addAll(unknown, answers as Candidates[])
    return undefined
  }

  #announce(names: readonly NormalizedName[]): void {
    const fresh = names.filter((name) => !this.#announced.has(name))
    for (const name of fresh) this.#announced.add(name)
    if (fresh.length > 0) this.#around.provider.prefetch?.({ kind: 'projects', names: fresh })
  }

  project(name: NormalizedName): Project {
    return this.projects.get(name)!
  }

  extra(project: Project, name: NormalizedName): Extra {
    let extra = project.extras.get(name)
    if (extra === undefined) {
      extra = new Extra(++this.#lastId, project, name)
      project.extras.set(name, extra)
      this.extras.push(extra)
    }
    return extra
  }

  /**
   * States a fact: not all of the terms at once. The first term of a fact that was stated before, by its key, is
   * joined with the earlier ones.
   */
  state(
    key: string,
    terms: readonly (readonly [Variable, Int32Array])[],
    fact: Fact,
  ): Incompatibility {
    const known = this.#facts.get(key)
    if (known) {
      this.#around.propagation.grow(known, terms[0]![1])
      return known
    }
    const made = incompatibility(terms, { fact })
    this.#facts.set(key, made)
    this.#around.propagation.add(made)
    return made
  }

  /** States that a version cannot be used. */
  stateUnusable(project: Project, values: Int32Array, reason: Unusable): void {
    project.usable = difference(project.usable, values)
    const key = `${project.id} ${reason.kind} ${reason.message}`
    this.state(key, [[project, values]], { kind: 'unusable', project, reason })
  }

  #addAll(names: readonly NormalizedName[], all: readonly Candidates[]): void {
    for (const [at, name] of names.entries()) {
      const { versions, isSorted, missing } = all[at]!
      const sorted = isSorted ? versions : sortCandidates(versions)
      const project = new Project(++this.#lastId, name, sorted, missing)
      this.projects.set(name, project)
      this.#stateRefusals(project)
      this.#statePythons(project)
      this.stateConstraints(project)
    }
  }

  #stateRefusals(project: Project): void {
    const { rules } = this.#around
    const groups = new Map<string, { reason: Unusable; values: number[] }>()
    // Counted by hand, here and below: this is done for every version of every project.
    for (let at = 0; at < project.candidates.length; at += 1) {
      const candidate = project.candidates[at]!
      const reason = candidate.incompatible ?? rules.refusal(candidate)
      if (reason === undefined) continue
      const key = `${reason.kind} ${reason.message}`
      const group = groups.get(key)
      if (group) group.values.push(at + 1)
      else groups.set(key, { reason, values: [at + 1] })
    }
    for (const { reason, values } of groups.values()) {
      this.stateUnusable(project, bitsOf(project.size, values), reason)
    }
  }

  #statePythons(project: Project): void {
    const { environment } = this.#around.manifest
    // Versions of a project mostly share what they ask for, and it is judged once.
    const groups = new Map<SpecifierSet, number[]>()
    for (let at = 0; at < project.candidates.length; at += 1) {
      const { requiresPython } = project.candidates[at]!
      if (requiresPython === undefined) continue
      const values = groups.get(requiresPython)
      if (values) values.push(at + 1)
      else groups.set(requiresPython, [at + 1])
    }
    for (const [requires, values] of groups) {
      if (environment.judgePython(requires) === 'refuses')
        this.statePython(project, bitsOf(project.size, values), requires)
    }
  }

  /** States that versions require another Python than this one. */
  statePython(project: Project, values: BitSet, requires: SpecifierSet): void {
    project.usable = difference(project.usable, values)
    const terms = [
      [project, values],
      [this.python, oneBit(2, 1)],
    ] as const
    this.state(`${project.id} python ${requires}`, terms, { kind: 'python', project, requires })
  }

  /** States the constraints that count wherever the project is, or wherever a requirement on it is in force. */
  stateConstraints(project: Project, required?: Requirement): void {
    const { constraints, environment } = this.#around.manifest
    for (const { requirement, origin } of constraints.get(project.name) ?? []) {
      if (!environment.isConstrained(requirement, required)) continue
      const outside = difference(project.versions, project.matching(requirement.specifier))
      this.state(`${project.id} constraint ${requirement} ${origin}`, [[project, outside]], {
        kind: 'constraint',
        project,
        requirement,
        statedIn: origin,
      })
    }
  }
}

const sortedBefore = new WeakMap<readonly Candidate[], readonly Candidate[]>()

/** Oldest first; of equal versions the first is kept. A provider that answers again is not sorted again. */
function sortCandidates(versions: readonly Candidate[]): readonly Candidate[] {
  const known = sortedBefore.get(versions)
  if (known) return known
  const sorted = versions.toSorted((a, b) => {
    const [left, right] = [a.version.sortKey, b.version.sortKey]
    return left < right ? -1 : left > right ? 1 : 0
  })
  const unique = sorted.filter(
    (each, at) => at === 0 || each.version.sortKey !== sorted[at - 1]!.version.sortKey,
  )
  sortedBefore.set(versions, unique)
  return unique
}
