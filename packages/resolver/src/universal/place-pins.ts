/** Where each project, and each extra of it, is needed: as far as the ways lead that requirements make. */

import { type MarkerSet, normalizeName } from '@cheeseshop/packaging'
import type { RequiredBy } from '../resolution.ts'
import type { RequirementSets } from './requirement-sets.ts'

/** By `name` and `name[extra]`; what is needed nowhere is left out. */
export function placePins(
  reasons: Iterable<RequiredBy>,
  within: MarkerSet,
  markers: RequirementSets,
): Map<string, MarkerSet> {
  const byAsker = Map.groupBy(reasons, nodeOfAsker)
  const places = new Map<string, MarkerSet>([[user, within]])
  const waiting = new Set([user])
  // Places only grow, so this ends also where projects need each other.
  for (const asker of waiting) {
    waiting.delete(asker)
    for (const { requirement, extra } of byAsker.get(asker) ?? []) {
      const place = places.get(asker)!.intersect(markers.of(requirement, extra))
      if (place.isEmpty()) continue
      for (const node of nodesOf(requirement)) {
        const known = places.get(node)
        const wider = known === undefined ? place : known.union(place)
        if (known?.equals(wider)) continue
        places.set(node, wider)
        waiting.add(node)
      }
    }
  }
  places.delete(user)
  return places
}

const user = ''

export function nodeOf(name: string, extra: string | undefined): string {
  return extra === undefined ? name : `${name}[${extra}]`
}

function nodeOfAsker({ name, extra }: RequiredBy): string {
  return name === undefined ? user : nodeOf(name, extra)
}

function nodesOf({ normalizedName: name, extras }: RequiredBy['requirement']): string[] {
  return [name, ...extras.map((extra) => nodeOf(name, normalizeName(extra)))]
}
