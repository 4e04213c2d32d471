/** Reads of a filename what choosing needs, many thousand times a second: the whole is read of the chosen file only. */

import {
  type NormalizedName,
  normalizeName,
  parseTag,
  type Tag,
  tryParseSdistFilename,
  tryParseVersion,
  type Version,
} from '@cheeseshop/packaging'

export interface FilenameFacts {
  readonly kind: 'wheel' | 'sdist'
  readonly version: Version
  /** Place of the best tag among those supported; `undefined` for a wheel that does not run here. */
  readonly rank: number | undefined
  readonly build: string
}

/** An sdist comes after every wheel. */
export const sdistRank = Number.MAX_SAFE_INTEGER

/** Pages repeat names, versions and tags; each is read once. */
export class FilenameReader {
  readonly #ranks: ReadonlyMap<string, number>
  readonly #names = new Map<string, NormalizedName>()
  readonly #versions = new Map<string, Version | undefined>()
  readonly #rankOfTags = new Map<string, number | undefined>()

  constructor(tags: readonly Tag[]) {
    this.#ranks = new Map(tags.map((tag, at) => [tagKey(tag), at]))
  }

  /** `undefined` for a file of another project, and for one whose name says nothing. */
  read(filename: string, name: NormalizedName): FilenameFacts | undefined {
    if (!filename.endsWith('.whl')) return readSdist(filename, name)
    const parts = filename.slice(0, -4).split('-')
    if (parts.length !== 5 && parts.length !== 6) return undefined
    const build = parts.length === 6 ? parts[2]! : ''
    if (this.#name(parts[0]!) !== name || (parts.length === 6 && !/^\d/.test(build)))
      return undefined
    const version = this.#version(parts[1]!)
    return version && { kind: 'wheel', version, build, rank: this.#rank(parts.slice(-3).join('-')) }
  }

  #name(text: string): NormalizedName {
    const known = this.#names.get(text)
    if (known !== undefined) return known
    const name = normalizeName(text)
    this.#names.set(text, name)
    return name
  }

  #version(text: string): Version | undefined {
    if (!this.#versions.has(text)) this.#versions.set(text, tryParseVersion(text))
    return this.#versions.get(text)
  }

  #rank(text: string): number | undefined {
    if (this.#rankOfTags.has(text)) return this.#rankOfTags.get(text)
    const known = tagsOf(text).flatMap((tag) => this.#ranks.get(tagKey(tag)) ?? [])
    const best = known.length > 0 ? Math.min(...known) : undefined
    this.#rankOfTags.set(text, best)
    return best
  }
}

function readSdist(filename: string, name: NormalizedName): FilenameFacts | undefined {
  const parsed = tryParseSdistFilename(filename)
  if (parsed?.name !== name) return undefined
  return { kind: 'sdist', version: parsed.version, rank: sdistRank, build: '' }
}

function tagsOf(text: string): Tag[] {
  try {
    return parseTag(text)
  } catch {
    return []
  }
}

function tagKey({ interpreter, abi, platform }: Tag): string {
  return `${interpreter}-${abi}-${platform}`
}
