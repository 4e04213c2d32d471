/** Which versions a part likes best: those of a lock, and those that parts before it chose. */

import type { MarkerSet, NormalizedName, Version } from '@cheeseshop/packaging'
import type { Preferences } from '../manifest.ts'
import type { Resolution } from '../resolution.ts'
import type { RequirementSets } from './requirement-sets.ts'
import type { UniversalRequest } from './universal-request.ts'

interface Liked {
  readonly version: Version
  readonly place: MarkerSet
}

export class ForkPreferences {
  readonly #liked = new Map<NormalizedName, Liked[]>()
  readonly #kept: (readonly [NormalizedName, Version])[] = []
  readonly #request: UniversalRequest

  constructor(request: UniversalRequest, markers: RequirementSets) {
    this.#request = request
    for (const { name, version, marker } of request.preferences ?? []) {
      this.#kept.push([name, version])
      this.#add(name, { version, place: markers.sets.of(marker) })
    }
  }

  /** What a part chose may do for the others too: fewer versions are better. */
  learn({ pins }: Resolution, place: MarkerSet): void {
    const { strategy, prereleases } = this.#request
    // What is lowest where it is stated need not be where it is not.
    if (strategy === 'lowest-direct') return
    for (const [name, { candidate }] of pins) {
      const { version, url } = candidate
      const isUnasked = version.isPrerelease && prereleases !== 'allow'
      if (url === undefined && !isUnasked) this.#add(name, { version, place })
    }
  }

  /** First those chosen in environments of this part; among them the highest, or the lowest, as the strategy has it. */
  within(part: MarkerSet): Preferences {
    const sign = this.#request.strategy === 'lowest' ? 1 : -1
    const of = (name: NormalizedName) => {
      const liked = this.#liked.get(name) ?? []
      const rank = ({ place }: Liked) => (place.isDisjointFrom(part) ? 1 : 0)
      const ordered = liked.toSorted((a, b) => {
        const byVersion = a.version.sortKey < b.version.sortKey ? -1 : 1
        return rank(a) - rank(b) || byVersion * sign
      })
      return ordered.map(({ version }) => version)
    }
    return { of, kept: this.#kept }
  }

  #add(name: NormalizedName, liked: Liked): void {
    const known = this.#liked.get(name)
    if (known) known.push(liked)
    else this.#liked.set(name, [liked])
  }
}
