/** Ranges: what specifiers accept, as sets that can be united, intersected and compared. */

import { formatIntervals } from './range-text.ts'
import type { Specifier } from './specifier.ts'
import { intervalsOf } from './specifier-intervals.ts'
import type { PrereleasePolicy, SpecifierSet } from './specifiers.ts'
import type { VersionInterval, VersionIntervals } from './version-intervals.ts'
import * as sets from './version-intervals.ts'
import { tryParseVersion, type Version } from './versions.ts'

interface RangeParts {
  readonly versions: VersionIntervals
  /** Texts in the range whatever `versions` says, in lower case: what `===` admits. */
  readonly admitted?: ReadonlySet<string>
  /** Texts not in the range whatever `versions` says. */
  readonly rejected?: ReadonlySet<string>
  /** Whether texts that are not versions belong to the range. Counts only while `versions` is all of them. */
  readonly admitsOtherText?: boolean
  /** Where a specifier named a pre-release and so let pre-releases in. */
  readonly prereleases?: VersionIntervals
}

const noTexts: ReadonlySet<string> = new Set()

/**
 * A set of versions, made by `rangeOf` or from other ranges. Immutable.
 *
 * Its truth is that of `packaging.ranges.VersionRange`: which pre-releases a specifier let in stays with the range through
 * every operation, and `===` keeps comparing text.
 *
 * @example
 * ```ts
 * const range = rangeOf(parseSpecifierSet('>=1,<2')).union(rangeOf(parseSpecifierSet('==3.*')))
 * range.contains('1.7') // true
 * range.contains('2.0') // false
 * range.toString() // '>=1,<2 | ==3.*'
 * range.intersect(rangeOf(parseSpecifierSet('<1'))).isEmpty() // true
 * ```
 */
export class VersionRange {
  readonly #versions: VersionIntervals
  readonly #admitted: ReadonlySet<string>
  readonly #rejected: ReadonlySet<string>
  readonly #admitsOtherText: boolean
  readonly #prereleases: VersionIntervals

  private constructor(parts: RangeParts) {
    const { versions, admitted = noTexts, rejected = noTexts, admitsOtherText = false } = parts
    this.#versions = versions
    this.#admitsOtherText = admitsOtherText
    // Only texts that change the answer are kept, so that equal ranges have equal parts.
    this.#admitted = select(admitted, (text) => !rejected.has(text) && !this.#covers(text))
    this.#rejected = select(rejected, (text) => this.#covers(text))
    this.#prereleases = sets.intersection(parts.prereleases ?? sets.noVersions, versions)
  }

  /** Everything: every version, and texts that are none, as the empty specifier set. */
  static full(): VersionRange {
    return new VersionRange({ versions: sets.allVersions, admitsOtherText: true })
  }

  /** Nothing. */
  static empty(): VersionRange {
    return new VersionRange({ versions: sets.noVersions })
  }

  /** Exactly this version: 1.0 without 1.0+local, other than `==1.0`. */
  static singleton(version: Version): VersionRange {
    return new VersionRange({ versions: sets.between(sets.before(version), sets.after(version)) })
  }

  /** The versions from `start` on up to and without `end`; an end left away is open. */
  static between(start?: Version, end?: Version): VersionRange {
    const cuts = [start, end].map((version) => version && sets.before(version))
    return new VersionRange({ versions: sets.between(cuts[0], cuts[1]) })
  }

  /** What one clause of a specifier accepts. */
  static of(specifier: Specifier): VersionRange {
    const versions = intervalsOf(specifier)
    if (specifier.operator === '===') {
      return new VersionRange({ versions, admitted: new Set([specifier.version.toLowerCase()]) })
    }
    return new VersionRange({
      versions,
      prereleases: specifier.namesPrerelease ? versions : sets.noVersions,
    })
  }

  /** What is in this range, in the other, or in both. */
  union(other: VersionRange): VersionRange {
    const versions = sets.union(this.#versions, other.#versions)
    return new VersionRange({
      versions,
      ...this.#resolve(other, (inThis, inOther) => inThis || inOther),
      admitsOtherText: sets.isEmpty(versions)
        ? this.#admitsOtherText || other.#admitsOtherText
        : this.#offersOtherText || other.#offersOtherText,
      prereleases: sets.union(this.#prereleases, other.#prereleases),
    })
  }

  /** What is in both ranges. */
  intersect(other: VersionRange): VersionRange {
    const versions = sets.intersection(this.#versions, other.#versions)
    return new VersionRange({
      versions,
      ...this.#resolve(other, (inThis, inOther) => inThis && inOther),
      admitsOtherText: this.#admitsOtherText && other.#admitsOtherText && !sets.isEmpty(versions),
      prereleases: sets.union(this.#prereleases, other.#prereleases),
    })
  }

  /** What is not in this range. Excluding pre-releases asks for none, so the result lets none in. */
  complement(): VersionRange {
    return new VersionRange({
      versions: sets.complement(this.#versions),
      admitted: this.#rejected,
      rejected: this.#admitted,
      admitsOtherText: this.#admitsOtherText,
    })
  }

  /** What is in this range and not in the other. */
  difference(other: VersionRange): VersionRange {
    if (sets.isEmpty(other.#versions) && other.#admitted.size === 0) return this
    const versions = sets.difference(this.#versions, other.#versions)
    return new VersionRange({
      versions,
      ...this.#resolve(other, (inThis, inOther) => inThis && !inOther),
      admitsOtherText: this.#admitsOtherText && sets.isSame(versions, this.#versions),
      prereleases: this.#prereleases,
    })
  }

  /** Whether the version is in the range; a pre-release is refused only by `prereleases: false`. */
  contains(version: Version | string, policy: PrereleasePolicy = {}): boolean {
    const parsed = toVersion(version)
    if (policy.prereleases === false && parsed?.isPrerelease) return false
    return this.#includes(version, parsed)
  }

  /**
   * The versions in the range, in the order given. Without a policy, pre-releases that no specifier let in are left out
   * if a final version remains, and come last if none does.
   */
  filter<Item extends Version | string>(
    versions: Iterable<Item>,
    policy: PrereleasePolicy = {},
  ): Item[] {
    const wanted: Item[] = []
    const others: Item[] = []
    let hasFinal = false
    for (const version of versions) {
      const parsed = toVersion(version)
      if (!this.#includes(version, parsed)) continue
      const isPrerelease = parsed?.isPrerelease === true
      if (!isPrerelease && parsed !== undefined) hasFinal = true
      if (isPrerelease && policy.prereleases === false) continue
      const isWanted = !isPrerelease || policy.prereleases || this.#asksFor(version, parsed)
      ;(isWanted ? wanted : others).push(version)
    }
    return hasFinal ? wanted : [...wanted, ...others]
  }

  /** Whether nothing is in the range. */
  isEmpty(): boolean {
    return sets.isEmpty(this.#versions) && this.#admitted.size === 0
  }

  /** Whether all of this range is in the other. */
  isSubsetOf(other: VersionRange): boolean {
    if (this.#admitsText && !other.#admitsText) return false
    return this.difference(other).isEmpty()
  }

  /** Whether nothing is in both ranges. */
  isDisjointFrom(other: VersionRange): boolean {
    return this.intersect(other).isEmpty()
  }

  /** Whether both hold the same and let the same pre-releases in. */
  equals(other: VersionRange): boolean {
    return (
      sets.isSame(this.#versions, other.#versions) &&
      sets.isSame(this.#prereleases, other.#prereleases) &&
      this.#admitsOtherText === other.#admitsOtherText &&
      isSameSet(this.#admitted, other.#admitted) &&
      isSameSet(this.#rejected, other.#rejected)
    )
  }

  /** The connected parts, in order. What `===` admits or excludes is not among them. */
  get intervals(): readonly VersionInterval[] {
    return sets.listIntervals(this.#versions)
  }

  /**
   * The range in the words of specifiers, its parts separated by ` | `; `any` and `none` for all and nothing. Each part
   * reads back as that part, save for the few bounds that specifiers cannot express.
   */
  toString(): string {
    const texts = [...this.#admitted].sort().map((text) => `===${text}`)
    if (!sets.isEmpty(this.#versions)) texts.unshift(formatIntervals(this.#versions))
    const excluded = [...this.#rejected].sort().map((text) => ` without ===${text}`)
    return (texts.join(' | ') || 'none') + excluded.join('')
  }

  /** Whether texts that are not versions are in the range. */
  get #admitsText(): boolean {
    return this.#admitsOtherText && sets.isAll(this.#versions)
  }

  /** An empty range only remembers the flag, so that complementing twice gives it back. */
  get #offersOtherText(): boolean {
    return this.#admitsOtherText && !sets.isEmpty(this.#versions)
  }

  #covers(text: string): boolean {
    const version = tryParseVersion(text)
    return version === undefined ? this.#admitsText : sets.includes(this.#versions, version)
  }

  #includes(version: Version | string, parsed: Version | undefined): boolean {
    if (this.#admitted.size > 0 || this.#rejected.size > 0) {
      const text = version.toString().toLowerCase()
      if (this.#admitted.has(text)) return true
      if (this.#rejected.has(text)) return false
    }
    return parsed === undefined ? this.#admitsText : sets.includes(this.#versions, parsed)
  }

  /** Whether a specifier let this pre-release in, by naming one or by `===`. */
  #asksFor(text: Version | string, prerelease: Version | undefined): boolean {
    if (this.#admitted.has(text.toString().toLowerCase())) return true
    return prerelease !== undefined && sets.includes(this.#prereleases, prerelease)
  }

  /** Decides each text that either range treats on its own. */
  #resolve(
    other: VersionRange,
    keep: (inThis: boolean, inOther: boolean) => boolean,
  ): { admitted?: Set<string>; rejected?: Set<string> } {
    const special = [this.#admitted, this.#rejected, other.#admitted, other.#rejected]
    if (special.every((texts) => texts.size === 0)) return {}
    const admitted = new Set<string>()
    const rejected = new Set<string>()
    for (const text of special.flatMap((texts) => [...texts])) {
      const parsed = tryParseVersion(text)
      const kept = keep(this.#includes(text, parsed), other.#includes(text, parsed))
      ;(kept ? admitted : rejected).add(text)
    }
    return { admitted, rejected }
  }
}

/**
 * What a set of specifiers accepts.
 *
 * @example
 * ```ts
 * rangeOf(parseSpecifierSet('~=1.4')).equals(rangeOf(parseSpecifierSet('>=1.4,<2.dev0'))) // false
 * rangeOf(parseSpecifierSet('~=1.4')).equals(rangeOf(parseSpecifierSet('>=1.4,==1.*'))) // true
 * ```
 */
export function rangeOf(set: SpecifierSet): VersionRange {
  return intersectAll(set.specifiers.map(VersionRange.of)) ?? VersionRange.full()
}

/** Halves first: one by one, thousands of hostile clauses would take time that grows with their square. */
function intersectAll(ranges: readonly VersionRange[]): VersionRange | undefined {
  if (ranges.length <= 1) return ranges[0]
  const middle = ranges.length >> 1
  const [left, right] = [intersectAll(ranges.slice(0, middle)), intersectAll(ranges.slice(middle))]
  return left && right ? left.intersect(right) : (left ?? right)
}

function toVersion(version: Version | string): Version | undefined {
  return typeof version === 'string' ? tryParseVersion(version) : version
}

function select(texts: ReadonlySet<string>, keep: (text: string) => boolean): ReadonlySet<string> {
  return texts.size === 0 ? noTexts : new Set([...texts].filter(keep))
}

function isSameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((text) => b.has(text))
}
