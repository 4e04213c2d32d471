/**
 * What holds here: markers and Requires-Python, judged for one environment. The universal mode to come will judge for many
 * at once; nothing else in this package looks at a marker.
 */

import {
  type MarkerEnvironment,
  type MarkerNode,
  type NormalizedName,
  type Requirement,
  rangeOf,
  type SpecifierSet,
  UndefinedMarkerComparison,
  type Version,
} from '@cheeseshop/packaging'

export class Environment {
  /** The interpreter's version without a pre-release part. */
  readonly python: Version
  /** Requirements left out because their marker has no meaning. */
  readonly senseless = new Set<string>()
  readonly #markers: MarkerEnvironment
  readonly #bounds: 'all' | 'lower'
  readonly #pythons = new Map<string, boolean>()

  constructor(markers: MarkerEnvironment, python: Version, bounds: 'all' | 'lower') {
    this.#markers = markers
    this.#bounds = bounds
    this.python = python.with({ pre: undefined, post: undefined, dev: undefined, local: undefined })
  }

  /** Whether a requirement is in force; with an extra, whether the extra is what puts it in force. */
  applies(requirement: Requirement, extra?: NormalizedName): boolean {
    const isInForce = this.#holds(requirement, [])
    if (extra === undefined) return isInForce
    return !isInForce && mentionsExtra(requirement) && this.#holds(requirement, [extra])
  }

  accepts(requiresPython: SpecifierSet): boolean {
    const text = requiresPython.specifiers.join(',')
    let answer = this.#pythons.get(text)
    if (answer === undefined) {
      answer =
        this.#bounds === 'lower'
          ? isNotBelow(this.python, requiresPython)
          : requiresPython.contains(this.python)
      this.#pythons.set(text, answer)
    }
    return answer
  }

  #holds({ marker, ...rest }: Requirement, extras: readonly string[]): boolean {
    if (marker === undefined) return true
    try {
      return marker.evaluate(this.#markers, { extras })
    } catch (error) {
      if (!(error instanceof UndefinedMarkerComparison)) throw error
      this.senseless.add(`${rest.name}; ${marker}`)
      return false
    }
  }
}

export function mentionsExtra({ marker }: Requirement): boolean {
  return marker !== undefined && nodeMentionsExtra(marker.node)
}

function nodeMentionsExtra(node: MarkerNode): boolean {
  if (node.kind !== 'comparison') return node.terms.some(nodeMentionsExtra)
  return [node.left, node.right].some(
    (operand) =>
      operand.kind === 'variable' && (operand.name === 'extra' || operand.name === 'extras'),
  )
}

function isNotBelow(python: Version, requires: SpecifierSet): boolean {
  const [lowest] = rangeOf(requires).intervals
  return lowest !== undefined && (lowest.start?.key ?? '') <= python.sortKey
}
