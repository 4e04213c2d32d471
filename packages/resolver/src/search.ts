/** The search: propagate, learn from conflicts, choose a version, ask what it needs, again. */

import type { SpecifierSet } from '@cheeseshop/packaging'
import type { Demands } from './demands.ts'
import type { Fact } from './facts.ts'
import type { Manifest } from './manifest.ts'
import { Priorities } from './priorities.ts'
import type { Extra, Project } from './project.ts'
import { type Candidate, type Dependencies, isPending, type Provider } from './provider.ts'
import { type BitSet, hasBit, isEmpty, oneBit } from './pubgrub/bit-set.ts'
import { resolveConflict } from './pubgrub/conflict.ts'
import { type Incompatibility, incompatibility } from './pubgrub/incompatibility.ts'
import type { PartialSolution } from './pubgrub/partial-solution.ts'
import type { Propagation } from './pubgrub/propagation.ts'
import type { Variable } from './pubgrub/variable.ts'
import { reachedRequirements } from './resolution.ts'
import type { Universe } from './universe.ts'
import { demandsInForce, type VersionRules } from './version-rules.ts'

export interface SearchStats {
  /** Versions decided for, those taken back among them. */
  decisions: number
  conflicts: number
  /** Versions whose dependencies were asked for. */
  metadata: number
}

export interface SearchParts {
  readonly manifest: Manifest
  readonly rules: VersionRules
  readonly provider: Provider
  readonly solution: PartialSolution
  readonly propagation: Propagation
  readonly universe: Universe
  readonly demands: Demands
}

/** Decides every project that is required. Waits only for answers that the provider does not have yet. */
export class Search {
  readonly stats: SearchStats = { decisions: 0, conflicts: 0, metadata: 0 }
  readonly #parts: SearchParts
  readonly #priorities = new Priorities()
  readonly #announced = new Set<Project>()

  constructor(parts: SearchParts) {
    this.#parts = parts
  }

  /** Returns the incompatibility that proves that there is no solution, or `undefined` when every project is decided. */
  async run(): Promise<Incompatibility | undefined> {
    const { universe, propagation, demands } = this.#parts
    for (;;) {
      const violated = propagation.run()
      if (violated) {
        const proof = this.#learn(violated)
        if (proof) return proof
        continue
      }
      const extra = universe.extras.find(isDue)
      if (extra) {
        const { project } = extra
        const waiting = demands.state(
          project,
          project.decided,
          takeWanted(project, project.decided),
        )
        if (waiting) await waiting
        continue
      }
      this.#announce()
      const project = this.#priorities.next(universe.projects.values())
      if (project === undefined) return undefined
      const waiting = this.#choose(project)
      if (waiting) await waiting
    }
  }

  #learn(violated: Incompatibility): Incompatibility | undefined {
    const { propagation, manifest } = this.#parts
    this.stats.conflicts++
    manifest.request.onEvent?.({ kind: 'conflict' })
    const { learned, back } = resolveConflict(violated)
    if (back === undefined) return learned
    propagation.backtrack(back.level)
    if (learned !== violated) propagation.add(learned)
    else propagation.look(learned)
    this.#reorder(back.variable, learned)
    return undefined
  }

  /** Tries the best version left. It is decided unless what it asks for is impossible already. */
  #choose(project: Project): Promise<void> | undefined {
    const { rules } = this.#parts
    const among = rules.letIn(project)
    if (isEmpty(among)) return void this.#refuseByPipRule(project)
    const best = rules.best(project, among)
    const value = this.#settleEnvironment(project, best, among)
    if (value === undefined) return undefined
    this.#hint(project, value)
    const learning = this.#learnDependencies(project, value)
    if (learning) return learning.then(() => this.#decide(project, value))
    this.#decide(project, value)
    return undefined
  }

  /** What to choose where the best version does not do in all environments; nothing where it was refused. */
  #settleEnvironment(project: Project, value: number, among: BitSet): number | undefined {
    const { manifest, universe } = this.#parts
    const candidate = project.candidate(value)
    const { requiresPython } = candidate
    if (requiresPython && this.#isRefusedByPython(requiresPython)) {
      universe.statePython(project, oneBit(project.size, value), requiresPython)
      return undefined
    }
    if (candidate.runsOn === undefined) return value
    const publicValue = publicValueOf(project, value, among)
    const verdict = manifest.environment.judgeCoverage({
      candidate,
      publicCandidate: () => (publicValue ? project.candidate(publicValue) : undefined),
      reasons: () => reachedRequirements(manifest, universe),
    })
    if (verdict === 'take') return value
    if (verdict === 'take-public') return publicValue
    universe.stateUnusable(project, oneBit(project.size, value), verdict)
    return undefined
  }

  #isRefusedByPython(requiresPython: SpecifierSet): boolean {
    const { environment } = this.#parts.manifest
    const verdict = environment.judgePython(requiresPython)
    return verdict === 'divides'
      ? environment.divideByPython(requiresPython)
      : verdict === 'refuses'
  }

  #decide(project: Project, value: number): void {
    const { propagation, solution, manifest } = this.#parts
    const candidate = project.candidate(value)
    const { name, version } = candidate
    const { level } = solution
    const violated = propagation.run()
    if (violated) {
      propagation.look(violated)
    } else if (hasBit(project.left, value) && solution.level === level) {
      solution.decide(project, value)
      propagation.noteChange(project)
      this.stats.decisions++
      manifest.request.onEvent?.({ kind: 'decided', name, version, candidate })
      return
    }
    manifest.request.onEvent?.({ kind: 'rejected', name, version })
    const blame = violated ?? project.history.at(-1)?.cause
    if (blame) this.#reorder(project, blame)
  }

  /** Where two projects keep conflicting, takes back the decision for the one that from now on waits. */
  #reorder(refused: Variable, { variables }: Incompatibility): void {
    const levels = this.#priorities
      .noteConflict(refused, variables)
      .filter((late) => late.decided >= 0)
      .map((late) => late.history.at(-1)!.level)
    const level = Math.min(...levels) - 1
    if (level >= 0 && level < this.#parts.solution.level) this.#parts.propagation.backtrack(level)
  }

  #learnDependencies(project: Project, value: number): Promise<void> | undefined {
    const { provider, demands } = this.#parts
    if (project.dependencies.has(value)) {
      return demands.state(project, value, takeWanted(project, value))
    }
    this.stats.metadata++
    const answer = provider.dependencies(project.candidate(value))
    return isPending(answer)
      ? answer.then((dependencies) => this.#stateDependencies(project, value, dependencies))
      : this.#stateDependencies(project, value, answer)
  }

  #stateDependencies(
    project: Project,
    value: number,
    dependencies: Dependencies,
  ): Promise<void> | undefined {
    const { universe, demands } = this.#parts
    project.dependencies.set(value, dependencies)
    if ('unavailable' in dependencies) {
      universe.stateUnusable(project, oneBit(project.size, value), dependencies.unavailable)
      return undefined
    }
    const { requiresPython } = dependencies
    if (requiresPython && this.#isRefusedByPython(requiresPython)) {
      universe.statePython(project, oneBit(project.size, value), requiresPython)
      return undefined
    }
    return demands.state(project, value, [undefined, ...takeWanted(project, value)])
  }

  #refuseByPipRule(project: Project): void {
    const { propagation } = this.#parts
    const askers = [...demandsInForce(project)].flatMap(({ variables }) => variables)
    const terms = new Map([...askers, project].map((variable) => [variable, variable.left]))
    const fact: Fact = { kind: 'pip-rule', project }
    propagation.add(incompatibility(terms, { fact }))
  }

  /** What was required since the last time will be asked about soon, if nothing comes in between. */
  #announce(): void {
    const { provider, rules, universe } = this.#parts
    if (provider.prefetch === undefined) return
    const candidates: Candidate[] = []
    for (const project of universe.projects.values()) {
      if (project.decided >= 0 || !project.isRequired || this.#announced.has(project)) continue
      this.#announced.add(project)
      candidates.push(project.candidate(rules.best(project, project.left)))
    }
    if (candidates.length > 1) provider.prefetch({ kind: 'dependencies', candidates })
  }

  /** After some versions in vain the next ones will be wanted too; again as soon as some of those are used up. */
  #hint(project: Project, value: number): void {
    const { provider, rules } = this.#parts
    // One that is chosen again after a step back says nothing of the next ones.
    if (provider.prefetch === undefined || project.dependencies.has(value)) return
    const tried = project.dependencies.size
    if (tried < project.nextHint) return
    const distance = distanceAhead(tried)
    project.nextHint = tried + (distance >> 2) + 1
    const candidates = rules
      .following(project, value, distance)
      .filter((each) => !project.dependencies.has(each))
      .map((each) => project.candidate(each))
    if (candidates.length > 0) provider.prefetch({ kind: 'dependencies', candidates })
  }
}

/** How many versions to read ahead of after so many in vain: at most a quarter is for nothing when one will do at last. */
function distanceAhead(tried: number): number {
  return Math.min(Math.ceil(tried / 4), 32)
}

/** Of a local version the same one without its local part, where that may be chosen. */
function publicValueOf(project: Project, value: number, among: BitSet): number | undefined {
  const { version } = project.candidate(value)
  if (version.local === undefined) return undefined
  const publicValue = project.valueFor(version.with({ local: undefined }))
  return publicValue !== undefined && hasBit(among, publicValue) ? publicValue : undefined
}

/** The extras wanted by now of which the version was not asked yet; they count as asked. */
function takeWanted({ extras }: Project, value: number): Extra[] {
  const wanted = [...extras.values()].filter(
    (extra) => extra.isRequired && !extra.stated.has(value),
  )
  for (const extra of wanted) extra.stated.add(value)
  return wanted
}

/** Whether an extra is wanted of a version that is decided and was not asked about it. */
function isDue({ isRequired, project, stated }: Extra): boolean {
  return isRequired && project.decided >= 0 && !stated.has(project.decided)
}
