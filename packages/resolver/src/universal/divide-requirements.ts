/**
 * Which environments must be answered apart because of requirements that come together. Source: the rules are uv's: several
 * requirements on one project with different markers divide, and so does a marker that asks for a later Python.
 */

import type { MarkerSet, Requirement } from '@cheeseshop/packaging'

/** A requirement, and where it is in force. */
export interface PlacedRequirement {
  readonly requirement: Requirement
  readonly place: MarkerSet
}

/** The parts of `within`, in no order that says anything; one part where nothing divides it. */
export function divideRequirements(
  placed: readonly PlacedRequirement[],
  within: MarkerSet,
): MarkerSet[] {
  const byName = Map.groupBy(placed, ({ requirement }) => requirement.normalizedName)
  const names = [...byName.keys()].sort()
  return names.reduce((parts, name) => divideByProject(parts, byName.get(name)!, within), [within])
}

function divideByProject(
  parts: MarkerSet[],
  placed: readonly PlacedRequirement[],
  within: MarkerSet,
): MarkerSet[] {
  const [first] = placed
  const areSame = placed.every(({ place }) => place.equals(first!.place))
  if (areSame && !isForLaterPython(first!.place, within)) return parts
  return placed.reduce((divided, { place }) => {
    return divided.flatMap((part) => {
      if (part.isDisjointFrom(place) || part.isSubsetOf(place)) return [part]
      return [part.intersect(place.complement()), part.intersect(place)]
    })
  }, parts)
}

function isForLaterPython(place: MarkerSet, within: MarkerSet): boolean {
  const [wanted, lowest] = [place.lowestPython, within.lowestPython]
  if (wanted === undefined) return false
  return lowest === undefined || comparePythons(wanted, lowest) > 0
}

/**
 * The order in which parts are solved. For `requires-python` the latest Python comes first, so that each has the latest
 * versions; for `fewest` the earliest, whose versions do for the others too. Then the part with the most upper bounds,
 * for the same reason.
 */
export function orderParts(
  parts: readonly MarkerSet[],
  placed: readonly PlacedRequirement[],
  hasLatestFirst: boolean,
): MarkerSet[] {
  const bounds = new Map(parts.map((part) => [part, countUpperBounds(placed, part)]))
  const sign = hasLatestFirst ? -1 : 1
  // Of parts that are equal the later one comes first.
  return parts.toReversed().sort((a, b) => {
    const byPython = comparePythons(a.lowestPython, b.lowestPython)
    return byPython * sign || bounds.get(b)! - bounds.get(a)!
  })
}

type Python = MarkerSet['lowestPython']

export function comparePythons(a: Python = [0, 0, 0], b: Python = [0, 0, 0]): number {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

function countUpperBounds(placed: readonly PlacedRequirement[], part: MarkerSet): number {
  const inForce = placed.filter(({ place }) => !place.isDisjointFrom(part))
  return inForce.filter(({ requirement }) => hasUpperBound(requirement)).length
}

function hasUpperBound({ specifier }: Requirement): boolean {
  return specifier.specifiers.some(({ operator }) => {
    return operator === '<' || operator === '<=' || operator === '~=' || operator.startsWith('==')
  })
}
