/** Which versions may be used at all, and which of those left is tried first. */

import type { NormalizedName, SpecifierSet } from '@cheeseshop/packaging'
import type { Fact } from './facts.ts'
import { isPin, isPinClause, type Manifest, type Preferences } from './manifest.ts'
import type { Project } from './project.ts'
import { type Candidate, isEarly, type Unusable } from './provider.ts'
import {
  type BitSet,
  difference,
  firstBit,
  hasBit,
  intersection,
  isDisjoint,
  isEmpty,
  isSubset,
  lastBit,
  listBits,
} from './pubgrub/bit-set.ts'
import type { Incompatibility } from './pubgrub/incompatibility.ts'
import type { PrereleasePolicy, ResolveChoices } from './request.ts'

export class VersionRules {
  readonly #request: ResolveChoices
  readonly #preferences: Preferences
  readonly #constraints: Manifest['constraints']
  readonly #stated: ReadonlySet<NormalizedName>
  /** Projects for which the user named a pre-release. */
  readonly #explicit = new Set<NormalizedName>()
  /** Versions that may be used although yanked, as sort keys. */
  readonly #pinned = new Map<NormalizedName, Set<string>>()

  constructor(manifest: Manifest) {
    this.#request = manifest.request
    this.#preferences = manifest.preferences
    this.#constraints = manifest.constraints
    this.#stated = new Set(manifest.stated.map(({ requirement }) => requirement.normalizedName))
    for (const { requirement } of manifest.everyStatement()) {
      const { normalizedName: name, specifier } = requirement
      if (specifier.namesPrerelease) this.#explicit.add(name)
      const pin = isPin(specifier) ? specifier.specifiers[0]?.parsed : undefined
      if (pin) this.#pin(name, pin.sortKey)
    }
    for (const [name, version] of [
      ...manifest.preferences.kept,
      ...(this.#request.installed ?? []),
    ]) {
      this.#pin(name, version.sortKey)
    }
  }

  /** Why the rules keep a version out whatever else is chosen. */
  refusal(candidate: Candidate): Unusable | undefined {
    if (this.#goesByPip) return undefined
    const { name } = candidate
    // Its version is read only where it counts.
    if (candidate.isYanked && !this.#pinned.get(name)?.has(candidate.version.sortKey))
      return yanked(candidate)
    if (!isEarly(candidate)) return undefined
    const policy = this.#policyOf(name)
    const isRefused = policy === 'disallow' || (policy === 'explicit' && !this.#explicit.has(name))
    return isRefused ? { kind: 'prerelease', message: 'is a pre-release' } : undefined
  }

  /** The value to try first. Something must be left, and absence must not. */
  best(project: Project, among: BitSet): number {
    const installed = this.#request.installed?.get(project.name)
    for (const version of [...this.#preferences.of(project.name), installed]) {
      const value = version && project.valueFor(version)
      if (value !== undefined && hasBit(among, value)) return value
    }
    let wanted = among
    if (this.#prefersFinal(project) && !isDisjoint(among, project.prereleases)) {
      const finals = difference(among, project.prereleases)
      if (!isEmpty(finals)) wanted = finals
    }
    const preferred = difference(wanted, project.lastResorts)
    if (!isEmpty(preferred)) wanted = preferred
    return this.#isLowestFirst(project) ? firstBit(wanted) : lastBit(wanted)
  }

  /**
   * What will be tried if `value` and its followers fail: first those left now, then, as another version of who asks may
   * want them, those just beyond, unless nothing can bring them back. Source: the two stages are uv's.
   */
  following(project: Project, value: number, count: number): number[] {
    const isLowestFirst = this.#isLowestFirst(project)
    const isBeyond = (each: number) => (isLowestFirst ? each > value : each < value)
    const possible = intersection(project.usable, project.leftForGood)
    const all = listBits(possible).filter(isBeyond)
    const finals = all.filter((each) => !hasBit(project.prereleases, each))
    const beyond = this.#prefersFinal(project) && finals.length > 0 ? finals : all
    if (!isLowestFirst) beyond.reverse()
    const [now, later] = [true, false].map((isLeft) =>
      beyond.filter((each) => hasBit(project.left, each) === isLeft),
    )
    return [...now!, ...later!].slice(0, count)
  }

  /**
   * Under pip's rule, the values that the requirements in force let in; otherwise all that are left. pip judges with
   * the requirements known when it chooses a version, and so does this.
   */
  letIn(project: Project): BitSet {
    if (!this.#goesByPip) return project.left
    const inForce = demandsInForce(project)
    const specifiers = this.#specifiersOn(project, inForce)
    const matching = specifiers.reduce(
      (bits, specifier) => intersection(bits, project.matching(specifier)),
      project.usable,
    )
    const finals = difference(matching, project.prereleases)
    const named = specifiers.some((specifier) => specifier.namesPrerelease)
    const wanted = named || isEmpty(finals) ? matching : finals
    const isPinned = specifiers.some((specifier) => specifier.specifiers.some(isPinClause))
    if (isPinned && isSubset(wanted, project.yanked)) return intersection(wanted, project.left)
    return intersection(difference(wanted, project.yanked), project.left)
  }

  #specifiersOn(project: Project, inForce: readonly Incompatibility[]): SpecifierSet[] {
    const constraints = this.#constraints.get(project.name) ?? []
    return [
      ...inForce.map(({ origin }) => (origin.fact as Fact & { kind: 'requirement' }).requirement),
      ...constraints.map(({ requirement }) => requirement),
    ].map(({ specifier }) => specifier)
  }

  get #goesByPip(): boolean {
    return this.#request.prereleases === 'pip'
  }

  #policyOf(name: NormalizedName): PrereleasePolicy {
    const { prereleases = 'if-necessary', prereleasesOf } = this.#request
    return prereleases === 'pip' ? prereleases : (prereleasesOf?.get(name) ?? prereleases)
  }

  #prefersFinal({ name }: Project): boolean {
    return this.#policyOf(name) === 'if-necessary'
  }

  #isLowestFirst({ name }: Project): boolean {
    const { strategy } = this.#request
    return strategy === 'lowest' || (strategy === 'lowest-direct' && this.#stated.has(name))
  }

  #pin(name: NormalizedName, sortKey: string): void {
    const keys = this.#pinned.get(name)
    if (keys) keys.add(sortKey)
    else this.#pinned.set(name, new Set([sortKey]))
  }
}

/** Requirements on a project whose other terms all hold: made by chosen versions and wanted extras. */
export function demandsInForce(project: Project): Incompatibility[] {
  const inForce: Incompatibility[] = []
  for (const demand of project.demands) {
    const { variables, sets } = demand
    // Most fail at the first term, which is who asks.
    if (variables[0] !== project && !variables[0]!.isWithin(sets[0]!)) continue
    if (variables.every((each, at) => each === project || each.isWithin(sets[at]!))) {
      inForce.push(demand)
    }
  }
  return inForce
}

function yanked({ yankedReason }: Candidate): Unusable {
  return { kind: 'yanked', message: yankedReason ? `was yanked: ${yankedReason}` : 'was yanked' }
}
