/** The environments in which markers hold, as sets that can be united, intersected and compared. */

import { Marker } from '../markers.ts'
import type { SpecifierSet } from '../specifiers.ts'
import { Clauses } from './clauses.ts'
import { Comparisons, type KnownNames } from './comparisons.ts'
import { type Diagram, Diagrams } from './diagrams.ts'
import { type InterpreterVersion, interpretersOf } from './interpreter-versions.ts'

/**
 * Makes sets of environments. Only sets of one `MarkerSets` can be combined.
 *
 * What it knows beyond the markers: `python_version` is the beginning of `python_full_version`; `platform_system` and
 * `sys_platform` name the same thing, as `platform_python_implementation` and `implementation_name` do; no system is both
 * `nt` and `linux`. A pre-release of an interpreter counts as the release it is for. Comparisons that ask whether a text is
 * within another one are true or false by themselves: sets made of them may be found to overlap where they do not.
 *
 * @example
 * ```ts
 * const sets = new MarkerSets()
 * const windows = sets.of(parseMarker('sys_platform == "win32"'))
 * windows.isDisjointFrom(sets.of(parseMarker('platform_system == "Linux"'))) // true
 * windows.complement().toMarker().toString() // 'sys_platform != "win32"'
 * ```
 */
export class MarkerSets {
  /** Every environment there can be. */
  readonly all: MarkerSet
  readonly none: MarkerSet
  readonly #tools: Tools

  constructor() {
    const diagrams = new Diagrams()
    const comparisons = new Comparisons(diagrams)
    this.#tools = {
      diagrams,
      comparisons,
      clauses: new Clauses(diagrams, comparisons),
      possible: possibleSystems(diagrams, comparisons),
    }
    this.all = new MarkerSet(this.#tools, true)
    this.none = new MarkerSet(this.#tools, false)
  }

  /**
   * Where a marker holds; everywhere without one. Throws what evaluating it would throw, and `MarkersTooComplex`. With
   * `extra` it is read for one extra, or for none where that is empty.
   */
  of(marker: Marker | undefined, known: KnownNames = {}): MarkerSet {
    if (marker === undefined) return this.all
    return new MarkerSet(this.#tools, this.#tools.comparisons.diagramOf(marker.node, known))
  }

  /**
   * The interpreters that Requires-Python accepts.
   *
   * @example
   * ```ts
   * new MarkerSets().ofPython(parseSpecifierSet('>=3.9')).toMarker().toString() // 'python_version >= "3.9"'
   * ```
   */
  ofPython({ specifiers }: SpecifierSet): MarkerSet {
    const { comparisons, diagrams } = this.#tools
    const each = specifiers.map((specifier) => {
      return comparisons.interpreters('python_full_version', interpretersOf(specifier, 3))
    })
    return new MarkerSet(
      this.#tools,
      each.reduce<Diagram>((a, b) => diagrams.and(a, b), true),
    )
  }
}

interface Tools {
  readonly diagrams: Diagrams
  readonly comparisons: Comparisons
  readonly clauses: Clauses
  readonly possible: Diagram
}

/**
 * A set of environments, made by `MarkerSets`. Immutable.
 *
 * @example
 * ```ts
 * const sets = new MarkerSets()
 * const old = sets.of(parseMarker('python_version < "3.9"'))
 * old.isSubsetOf(sets.of(parseMarker('python_version < "3.10"'))) // true
 * ```
 */
export class MarkerSet {
  readonly #tools: Tools
  readonly #diagram: Diagram

  /** For `MarkerSets`. */
  constructor(tools: Tools, diagram: Diagram) {
    this.#tools = tools
    this.#diagram = tools.diagrams.and(diagram, tools.possible)
  }

  intersect(other: MarkerSet): MarkerSet {
    return this.#make(this.#tools.diagrams.and(this.#diagram, other.#diagram))
  }

  union(other: MarkerSet): MarkerSet {
    return this.#make(this.#tools.diagrams.or(this.#diagram, other.#diagram))
  }

  complement(): MarkerSet {
    return this.#make(this.#tools.diagrams.not(this.#diagram))
  }

  isEmpty(): boolean {
    return this.#diagram === false
  }

  isDisjointFrom(other: MarkerSet): boolean {
    return this.#tools.diagrams.and(this.#diagram, other.#diagram) === false
  }

  isSubsetOf(other: MarkerSet): boolean {
    return this.isDisjointFrom(other.complement())
  }

  equals(other: MarkerSet): boolean {
    return this.#diagram === other.#diagram
  }

  /** The lowest interpreter in the set, as far as it is bounded. */
  get lowestPython(): InterpreterVersion | undefined {
    const at = this.#diagram
    if (typeof at === 'boolean' || at.variable.name !== 'python_full_version') return undefined
    const first = at.children.findIndex((child) => child !== false)
    return first === 0 ? undefined : this.#tools.comparisons.versionOf(at.labels[first - 1]!)
  }

  /**
   * The shortest marker found that tells the environments of this set from the others of `within`; `undefined` where that
   * needs none. Throws `RangeError` for a set that is empty within.
   */
  toMarker(within?: MarkerSet): Marker | undefined {
    const around = within === undefined ? this.#tools.possible : within.#diagram
    if (this.#tools.diagrams.and(this.#diagram, around) === false) {
      throw new RangeError('No marker holds nowhere')
    }
    const node = this.#tools.clauses.write(this.#diagram, around)
    return node && new Marker(node)
  }

  #make(diagram: Diagram): MarkerSet {
    return new MarkerSet(this.#tools, diagram)
  }
}

/** Values that exclude each other. */
const impossible = [
  ['nt', 'linux'],
  ['nt', 'darwin'],
  ['nt', 'ios'],
  ['posix', 'win32'],
] as const

function possibleSystems(diagrams: Diagrams, comparisons: Comparisons): Diagram {
  const wrong = impossible.map(([system, platform]) => {
    return diagrams.and(
      comparisons.text('os_name', system),
      comparisons.text('sys_platform', platform),
    )
  })
  return diagrams.not(wrong.reduce((a, b) => diagrams.or(a, b)))
}
