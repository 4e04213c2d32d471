/**
 * Sets of versions as cuts of the version line: between two neighbouring cuts a set holds either every version or none.
 *
 * A cut is a text that is compared with the sort keys of versions, so membership is a search among texts and each
 * operation on sets is one walk along two sorted lists. No version lies between two cuts that are not the same text:
 * equal sets have equal cuts.
 */

import { afterPostReleases, justAfter } from './version-sort-key.ts'
import { parseVersion, Version, type VersionNumber } from './versions.ts'

/** A place between versions. */
export interface Cut {
  /** Versions with a sort key of at least this come after the cut. */
  readonly key: string
  /** The version the cut is named after. */
  readonly version: Version
  /** Where it lies: before the version, just after it (before it with a local part), or after its post-releases. */
  readonly side: 'before' | 'after' | 'after-posts'
}

/** A set of versions: the cuts in order, and whether the versions before the first cut are in it. */
export interface VersionIntervals {
  readonly fromStart: boolean
  readonly cuts: readonly Cut[]
}

/** A connected part of a set; an end left away is open. */
export interface VersionInterval {
  readonly start: Cut | undefined
  readonly end: Cut | undefined
}

export const noVersions: VersionIntervals = { fromStart: false, cuts: [] }
export const allVersions: VersionIntervals = { fromStart: true, cuts: [] }

export function before(version: Version): Cut {
  return { key: version.sortKey, version, side: 'before' }
}

export function after(version: Version): Cut {
  return { key: justAfter(version.sortKey), version, side: 'after' }
}

/**
 * After the version with any local part. The next public version is known, so this is the cut before that one:
 * 1.0 -> 1.0.post0.dev0, 1.0.post1 -> 1.0.post2.dev0, 1.0.dev1 -> 1.0.dev2.
 */
export function afterLocals(version: Version): Cut {
  if (version.dev !== undefined) {
    return before(version.with({ dev: increment(version.dev), local: undefined }))
  }
  const post = version.post === undefined ? 0 : increment(version.post)
  return before(version.with({ post, dev: 0, local: undefined }))
}

/** After the version and its post-releases; for 1.0a1 that is the cut before 1.0a2.dev0. */
export function afterPosts(version: Version): Cut {
  if (version.pre === undefined) {
    return { key: afterPostReleases(version.sortKey), version, side: 'after-posts' }
  }
  const [label, number] = version.pre
  return before(version.with({ pre: [label, increment(number)], post: undefined, dev: 0 }))
}

/** The versions from one cut to the other; an end left away is open. Empty when the cuts are not in order. */
export function between(start: Cut | undefined, end: Cut | undefined): VersionIntervals {
  const fromStart = start === undefined || start.key <= firstKey
  if (end !== undefined && end.key <= (fromStart ? firstKey : (start as Cut).key)) return noVersions
  const cuts = [...(fromStart ? [] : [start as Cut]), ...(end === undefined ? [] : [end])]
  return { fromStart, cuts }
}

/** The versions that `==` accepts: with any local part, unless a local part is named. */
export function exactly(version: Version): VersionIntervals {
  const end = version.local === undefined ? afterLocals(version) : after(version)
  return between(before(version), end)
}

/** The versions that `==1.2.*` accepts, with their pre-releases: from 1.2.dev0 up to 1.3.dev0. */
export function family({ epoch, release }: Pick<Version, 'epoch' | 'release'>): VersionIntervals {
  const next = [...release.slice(0, -1), increment(release.at(-1) ?? 0)]
  return between(
    before(new Version({ epoch, release, dev: 0 })),
    before(new Version({ epoch, release: next, dev: 0 })),
  )
}

/** The set whose membership `keep` decides from the membership in two sets. */
export function combine(
  a: VersionIntervals,
  b: VersionIntervals,
  keep: (inA: boolean, inB: boolean) => boolean,
): VersionIntervals {
  let inA = a.fromStart
  let inB = b.fromStart
  const fromStart = keep(inA, inB)
  let inside = fromStart
  const cuts: Cut[] = []
  for (let i = 0, j = 0; i < a.cuts.length || j < b.cuts.length; ) {
    const order = compareCuts(a.cuts[i], b.cuts[j])
    const cut = (order <= 0 ? a.cuts[i] : b.cuts[j]) as Cut
    if (order <= 0) inA = !inA
    if (order <= 0) i++
    if (order >= 0) inB = !inB
    if (order >= 0) j++
    if (keep(inA, inB) === inside) continue
    inside = !inside
    cuts.push(cut)
  }
  return { fromStart, cuts }
}

export function union(a: VersionIntervals, b: VersionIntervals): VersionIntervals {
  if (isEmpty(a)) return b
  if (isEmpty(b)) return a
  return combine(a, b, (inA, inB) => inA || inB)
}

export function intersection(a: VersionIntervals, b: VersionIntervals): VersionIntervals {
  if (isEmpty(a) || isEmpty(b)) return noVersions
  return combine(a, b, (inA, inB) => inA && inB)
}

export function difference(a: VersionIntervals, b: VersionIntervals): VersionIntervals {
  return combine(a, b, (inA, inB) => inA && !inB)
}

export function complement(set: VersionIntervals): VersionIntervals {
  return { fromStart: !set.fromStart, cuts: set.cuts }
}

export function isEmpty(set: VersionIntervals): boolean {
  return !set.fromStart && set.cuts.length === 0
}

export function isAll(set: VersionIntervals): boolean {
  return set.fromStart && set.cuts.length === 0
}

export function isSame(a: VersionIntervals, b: VersionIntervals): boolean {
  if (a.fromStart !== b.fromStart || a.cuts.length !== b.cuts.length) return false
  return a.cuts.every((cut, at) => cut.key === b.cuts[at]?.key)
}

/** The connected parts of a set, in order. */
export function listIntervals({ fromStart, cuts }: VersionIntervals): VersionInterval[] {
  const ends = fromStart ? [undefined, ...cuts] : cuts
  const parts: VersionInterval[] = []
  for (let at = 0; at < ends.length; at += 2) parts.push({ start: ends[at], end: ends[at + 1] })
  return parts
}

/** Whether the version is in the set. */
export function includes(set: VersionIntervals, version: Version): boolean {
  const { cuts } = set
  if (cuts.length === 0) return set.fromStart
  const key = version.sortKey
  let low = 0
  let high = cuts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((cuts[middle] as Cut).key <= key) low = middle + 1
    else high = middle
  }
  return (low % 2 === 1) !== set.fromStart
}

/** No version is before 0.dev0, so a cut there cuts nothing off. */
const firstKey = parseVersion('0.dev0').sortKey

function compareCuts(a: Cut | undefined, b: Cut | undefined): number {
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

function increment(number: VersionNumber): VersionNumber {
  if (typeof number === 'bigint') return number + 1n
  return number < Number.MAX_SAFE_INTEGER ? number + 1 : BigInt(number) + 1n
}
