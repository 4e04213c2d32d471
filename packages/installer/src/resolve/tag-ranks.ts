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

  #bestOf(text: string): number | undefined {
    const places = textsOf(text).flatMap((tag) => this.#places?.get(tag) ?? [])
    return places.length > 0 ? Math.min(...places) : undefined
  }
}

/** As the grammar of tags has it, in lower case. */
const compressed = /^[a-z_]\w*(?:\.[a-z_]\w*)*-\w+(?:\.\w+)*-\w+(?:\.\w+)*$/
/** No more than one wheel names; whoever names more has them counted. */
const fewTags = 100

/** The tags that a compressed set stands for. As texts: pages have hundreds of sets, and a value for each tag takes longer. */
function textsOf(text: string): string[] {
  const parts = text.toLowerCase().split('-')
  const [interpreters = [], abis = [], platforms = []] = parts.map((part) => part.split('.'))
  const isPlain = interpreters.length * abis.length * platforms.length <= fewTags
  if (!isPlain || !compressed.test(text.toLowerCase())) return tagsOf(text).map(keyOf)
  return interpreters.flatMap((interpreter) =>
    abis.flatMap((abi) => platforms.map((platform) => `${interpreter}-${abi}-${platform}`)),
  )
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
