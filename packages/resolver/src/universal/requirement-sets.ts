/** Reads each marker once, as the set of environments in which it puts its requirement in force. */

import {
  type MarkerSet,
  MarkerSets,
  type NormalizedName,
  parseSpecifierSet,
  type Requirement,
  rangeOf,
  type SpecifierSet,
} from '@cheeseshop/packaging'
import { hasNoMeaning, mentionsExtra } from '../environment.ts'

export class RequirementSets {
  readonly sets = new MarkerSets()
  /** Requirements left out because their marker has no meaning. */
  readonly senseless = new Set<string>()
  readonly #pythons = new Map<string, MarkerSet>()
  readonly #known = new WeakMap<Requirement, Map<string, MarkerSet>>()

  /** Where it is in force by itself, or through an extra alone. */
  of(requirement: Requirement, extra?: NormalizedName): MarkerSet {
    const own = this.#read(requirement, '')
    if (extra === undefined || !mentionsExtra(requirement)) return own
    return this.#read(requirement, extra).intersect(own.complement())
  }

  /** The Pythons from the first that a Requires-Python accepts; read once for each text. */
  pythonsFrom(requiresPython: SpecifierSet): MarkerSet {
    const key = `${requiresPython.specifiers}`
    let set = this.#pythons.get(key)
    if (set === undefined) {
      set = this.sets.ofPython(lowerBound(requiresPython))
      this.#pythons.set(key, set)
    }
    return set
  }

  #read(requirement: Requirement, extra: string): MarkerSet {
    const known = this.#known.get(requirement) ?? new Map<string, MarkerSet>()
    this.#known.set(requirement, known)
    let set = known.get(extra)
    if (set === undefined) {
      set = this.#parse(requirement, extra)
      known.set(extra, set)
    }
    return set
  }

  #parse({ marker, name }: Requirement, extra: string): MarkerSet {
    try {
      return this.sets.of(marker, { extra })
    } catch (error) {
      if (!hasNoMeaning(error)) throw error
      this.senseless.add(`${name}; ${marker}`)
      return this.sets.none
    }
  }
}

function lowerBound(requiresPython: SpecifierSet): SpecifierSet {
  const [first] = rangeOf(requiresPython).intervals
  if (first?.start === undefined) return parseSpecifierSet('')
  const { version, side } = first.start
  return parseSpecifierSet(`${side === 'before' ? '>=' : '>'}${version}`)
}
