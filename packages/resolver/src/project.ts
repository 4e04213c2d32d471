/** Projects and extras as variables: value n+1 of a project is its n-th version, oldest first. */

import {
  type NormalizedName,
  rangeOf,
  type SpecifierSet,
  type Version,
} from '@cheeseshop/packaging'
import { type Candidate, type Dependencies, isEarly, type MissingProject } from './provider.ts'
import { type BitSet, difference, noBits, oneBit } from './pubgrub/bit-set.ts'
import type { Incompatibility } from './pubgrub/incompatibility.ts'
import { absent, Variable } from './pubgrub/variable.ts'

/** A project with all its versions. */
export class Project extends Variable {
  readonly name: NormalizedName
  /** Oldest first. */
  readonly candidates: readonly Candidate[]
  readonly missing: MissingProject | undefined
  readonly extras = new Map<NormalizedName, Extra>()
  /** Requirements on this project. */
  readonly demands = new Set<Incompatibility>()
  /** What each version that was tried asks for, by value. */
  readonly dependencies = new Map<number, Dependencies>()
  /** All values but absence. */
  readonly versions: BitSet
  readonly prereleases: BitSet
  readonly yanked: BitSet
  readonly lastResorts: BitSet
  /** What no fact about this project alone rules out. */
  usable: BitSet
  /** Whether a specifier pinned it to one version. */
  isPinned = false
  /** The version that was read ahead of: the first that nothing refused at once. */
  followed: number | undefined
  /** How many versions must have been tried before the next ones are announced. */
  nextHint = 4
  readonly #matches = new Map<string, BitSet>()

  constructor(
    id: number,
    name: NormalizedName,
    sorted: readonly Candidate[],
    missing?: MissingProject,
  ) {
    super(id, sorted.length + 1)
    this.name = name
    this.candidates = sorted
    this.missing = missing
    this.prereleases = this.select(isEarly)
    this.yanked = this.select(({ isYanked }) => isYanked === true)
    this.lastResorts = this.select(({ isLastResort }) => isLastResort === true)
    this.versions = difference(this.domain, oneBit(this.size, absent))
    this.usable = this.versions
  }

  candidate(value: number): Candidate {
    return this.candidates[value - 1]!
  }

  /** The value of a version, or `undefined` if there is none such. */
  valueFor(version: Version): number | undefined {
    const at = firstAtLeast(this.candidates, version.sortKey)
    return this.candidates[at]?.version.equals(version) ? at + 1 : undefined
  }

  /** The values whose version the specifier accepts, pre-releases among them. */
  matching(specifier: SpecifierSet): BitSet {
    const key = specifier.specifiers.join(',')
    let bits = this.#matches.get(key)
    if (bits === undefined) {
      bits = this.#match(specifier)
      this.#matches.set(key, bits)
    }
    return bits
  }

  /** The values for which `holds`. */
  select(holds: (candidate: Candidate) => boolean): BitSet {
    const bits = noBits(this.size)
    for (let value = 1; value < this.size; value++) {
      if (holds(this.candidate(value))) bits[value >> 5]! |= 1 << (value & 31)
    }
    return bits
  }

  #match(specifier: SpecifierSet): BitSet {
    if (specifier.specifiers.some(({ operator }) => operator === '===')) {
      return this.select(({ version }) => specifier.contains(version))
    }
    const bits = noBits(this.size)
    for (const { start, end } of rangeOf(specifier).intervals) {
      const first = start ? firstAtLeast(this.candidates, start.key) : 0
      const last = end ? firstAtLeast(this.candidates, end.key) : this.candidates.length
      for (let value = first + 1; value <= last; value++) bits[value >> 5]! |= 1 << (value & 31)
    }
    return bits
  }
}

/** Whether an extra of a project is asked for: a variable of two values, absent and `on`. */
export class Extra extends Variable {
  static readonly on = 1
  readonly project: Project
  readonly name: NormalizedName
  /** The versions of the project whose requirements for this extra are known to the solver. */
  readonly stated = new Set<number>()

  constructor(id: number, project: Project, name: NormalizedName) {
    super(id, 2)
    this.project = project
    this.name = name
  }
}

/** The place of the first candidate whose version's sort key is not below `key`. */
function firstAtLeast(sorted: readonly Candidate[], key: string): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]!.version.sortKey < key) low = middle + 1
    else high = middle
  }
  return low
}
