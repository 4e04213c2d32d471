/** How well the tag of a wheel fits here. */

import { parseTag, type Tag } from '@cheeseshop/packaging'

/** An sdist comes after every wheel. */
export const sdistRank = Number.MAX_SAFE_INTEGER

/** Pages repeat tags; each is looked up once. */
export class TagRanks {
  /** Nothing where one tag is as good as another. */
  readonly #places: ReadonlyMap<string, number> | undefined
  readonly #known = new Map<string, number | undefined>()

  /** `supported` is best first; without it all tags are. */
  constructor(supported: readonly Tag[] | undefined) {
    this.#places = supported && new Map(supported.map((tag, at) => [keyOf(tag), at]))
  }

  /** Place of the best among the tags that `text` stands for; undefined for a wheel that does not run here. */
  rank(text: string): number | undefined {
    if (this.#places === undefined) return 0
    if (this.#known.has(text)) return this.#known.get(text)
    const best = text.includes('.') ? this.#bestOf(text) : this.#places.get(text.toLowerCase())
    this.#known.set(text, best)
    return best
  }

  /** Of a compressed set, which must be taken apart. */
  #bestOf(text: string): number | undefined {
    const places = tagsOf(text).flatMap((tag) => this.#places?.get(keyOf(tag)) ?? [])
    return places.length > 0 ? Math.min(...places) : undefined
  }
}

/** None for text that is no tag. */
export function tagsOf(text: string): Tag[] {
  try {
    return parseTag(text)
  } catch {
    return []
  }
}

function keyOf({ interpreter, abi, platform }: Tag): string {
  return `${interpreter}-${abi}-${platform}`
}
