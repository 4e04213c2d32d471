/** Version specifiers: sets of clauses that a version must all satisfy (PEP 440, "Version specifiers"). */

import { stripSpace } from './grammar/whitespace.ts'
import { rangeOf } from './ranges.ts'
import { InvalidSpecifier, parseSpecifier, type Specifier } from './specifier.ts'
import { tryParseVersion, type Version } from './versions.ts'

/** What to do about pre-releases. */
export interface PrereleasePolicy {
  /**
   * `true` lets them in, `false` keeps them out. Left away, a clause that names a pre-release lets them in; otherwise they
   * are in only where nothing else is (PEP 440, "Handling of pre-releases").
   */
  readonly prereleases?: boolean | undefined
}

/** The longest text read as a set of specifiers. */
const longestSpecifierSet = 32_768

/**
 * A set of clauses; the empty set accepts every version. Made by `parseSpecifierSet`.
 *
 * @example
 * ```ts
 * const set = parseSpecifierSet('>=1.0, !=1.5.*')
 * set.contains('1.4') // true
 * set.contains('1.5.2') // false
 * set.filter(['0.9', '1.1', '2.0rc1']) // ['1.1']
 * set.toString() // '!=1.5.*,>=1.0'
 * ```
 */
export class SpecifierSet {
  readonly specifiers: readonly Specifier[]
  #canonical: readonly Specifier[] | undefined

  constructor(specifiers: readonly Specifier[]) {
    this.specifiers = specifiers
  }

  /** Whether a clause names a pre-release, which lets pre-releases in. */
  get namesPrerelease(): boolean {
    return this.specifiers.some((specifier) => specifier.namesPrerelease)
  }

  /**
   * Whether one version satisfies every clause. As there is no other to prefer, a pre-release is refused only by
   * `prereleases: false`. Text that is not a version satisfies only the empty set and an equal `===`.
   */
  contains(version: Version | string, policy: PrereleasePolicy = {}): boolean {
    const parsed = typeof version === 'string' ? tryParseVersion(version) : version
    if (policy.prereleases === false && parsed?.isPrerelease) return false
    return this.#matches(version, parsed)
  }

  /**
   * The versions that satisfy every clause, in the order given. Without a policy, pre-releases are left out if any other
   * version remains.
   */
  filter<Item extends Version | string>(versions: Iterable<Item>, policy?: PrereleasePolicy): Item[]
  filter<Item>(
    items: Iterable<Item>,
    policy: PrereleasePolicy & { readonly versionOf: (item: Item) => Version | string },
  ): Item[]
  filter<Item>(
    items: Iterable<Item>,
    policy: PrereleasePolicy & { readonly versionOf?: (item: Item) => Version | string } = {},
  ): Item[] {
    const { versionOf = (item: Item) => item as Version | string } = policy
    const found: { item: Item; isPrerelease: boolean; isFinal: boolean }[] = []
    for (const item of items) {
      const version = versionOf(item)
      const parsed = typeof version === 'string' ? tryParseVersion(version) : version
      if (!this.#matches(version, parsed)) continue
      const isPrerelease = parsed?.isPrerelease === true
      found.push({ item, isPrerelease, isFinal: parsed !== undefined && !isPrerelease })
    }
    const allowed = policy.prereleases ?? (this.namesPrerelease || undefined)
    const keepsPrereleases = allowed ?? !found.some(({ isFinal }) => isFinal)
    return found.filter((each) => keepsPrereleases || !each.isPrerelease).map(({ item }) => item)
  }

  /** The set of all clauses of both. */
  and(other: SpecifierSet): SpecifierSet {
    return new SpecifierSet([...this.specifiers, ...other.specifiers])
  }

  /** Whether no version can ever satisfy the set. */
  isUnsatisfiable(): boolean {
    return rangeOf(this).isEmpty()
  }

  /** Whether both have the same clauses; order, repetition and trailing zeros do not count. */
  equals(other: SpecifierSet): boolean {
    const [left, right] = [this.#sorted(), other.#sorted()]
    return (
      left.length === right.length && left.every((each, at) => each.equals(right[at] as Specifier))
    )
  }

  /** The clauses, sorted and without repetition. */
  toString(): string {
    return this.#sorted().join(',')
  }

  toJSON(): string {
    return this.toString()
  }

  #matches(version: Version | string, parsed: Version | undefined): boolean {
    return this.specifiers.every((specifier) => {
      if (specifier.operator === '===') return specifier.matchesText(version.toString())
      return parsed !== undefined && specifier.matches(parsed)
    })
  }

  #sorted(): readonly Specifier[] {
    this.#canonical ??= distinct(this.specifiers)
    return this.#canonical
  }
}

/**
 * Reads clauses separated by commas; empty text is the set that accepts everything. Throws `InvalidSpecifier`.
 *
 * @example
 * ```ts
 * parseSpecifierSet('>=3.8,<4').contains('3.12') // true
 * ```
 */
export function parseSpecifierSet(text: string): SpecifierSet {
  if (text.length > longestSpecifierSet) {
    throw new InvalidSpecifier(text, `use at most ${longestSpecifierSet} characters`)
  }
  const clauses = text.split(',').map(stripSpace)
  return new SpecifierSet(clauses.filter((clause) => clause !== '').map(parseSpecifier))
}

/**
 * As `parseSpecifierSet`, but `undefined` for text that is none.
 *
 * @example
 * ```ts
 * tryParseSpecifierSet('>=1,<=') // undefined
 * ```
 */
export function tryParseSpecifierSet(text: string): SpecifierSet | undefined {
  try {
    return parseSpecifierSet(text)
  } catch (error) {
    if (error instanceof InvalidSpecifier) return undefined
    throw error
  }
}

function distinct(specifiers: readonly Specifier[]): Specifier[] {
  const sorted = [...specifiers].sort((a, b) => (`${a}` < `${b}` ? -1 : `${a}` > `${b}` ? 1 : 0))
  const seen = new Map<string, Specifier>()
  for (const each of sorted) if (!seen.has(each.canonical)) seen.set(each.canonical, each)
  return [...seen.values()]
}
