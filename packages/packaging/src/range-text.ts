/** Ranges in the words of specifiers, for people and for error messages. */

import {
  type Cut,
  exactly,
  family,
  listIntervals,
  type VersionInterval,
  type VersionIntervals,
} from './version-intervals.ts'
import { compareReleases } from './version-order.ts'
import { canonicalizeVersion, parseVersion, Version, type VersionNumber } from './versions.ts'

/** The parts of a set, separated by ` | `; gaps that `!=` can name join their neighbours. */
export function formatIntervals(set: VersionIntervals): string {
  const parts: { start: Cut | undefined; end: Cut | undefined; exclusions: string[] }[] = []
  for (const { start, end } of listIntervals(set)) {
    const last = parts.at(-1)
    const gap = last && gapBetween(last, { start, end })
    if (last && gap) {
      last.exclusions.push(`!=${gap}`)
      last.end = end
    } else {
      parts.push({ start, end, exclusions: [] })
    }
  }
  return parts.map(formatPart).join(' | ')
}

/** What `!=` names between two parts, unless `==` says one of them more plainly. */
function gapBetween(left: VersionInterval, right: VersionInterval): string | undefined {
  return nameOf(left) || nameOf(right) ? undefined : nameOf({ start: left.end, end: right.start })
}

function formatPart({
  start,
  end,
  exclusions,
}: VersionInterval & { exclusions: string[] }): string {
  const name = nameOf({ start, end })
  const bounds =
    name === undefined ? [start && formatStart(start), end && formatEnd(end)] : [`==${name}`]
  return [...bounds, ...exclusions].filter((text) => text !== undefined).join(',') || 'any'
}

/** What follows `==` where that names the interval exactly: `1.0`, `1.*` or `1.0+local`. */
function nameOf({ start, end }: VersionInterval): string | undefined {
  if (end === undefined || (start !== undefined && start.side !== 'before')) return undefined
  const version = start?.version ?? firstVersion
  if (endsAt(exactly(version), end)) return version.toString()
  const first = familyStart(version, end.version)
  return first && endsAt(family(first), end) ? `${first}.*` : undefined
}

/** Ranges are open below 0.dev0, the first of all versions. */
const firstVersion = parseVersion('0.dev0')

/** 1.0.dev0 begins 1.*, 1.0.* and 1.0.0.*; the end, 2.dev0 or 1.1.dev0, says which is meant. */
function familyStart(version: Version, end: Version): Version | undefined {
  if (version.dev !== 0 || version.pre !== undefined || version.post !== undefined) return undefined
  const { length } = parseVersion(canonicalizeVersion(end)).release
  const release = Array.from({ length }, (_, at) => version.release[at] ?? 0)
  if (compareReleases(release, version.release) !== 0) return undefined
  return new Version({ epoch: version.epoch, release })
}

function endsAt(set: VersionIntervals, end: Cut): boolean {
  return set.cuts.at(-1)?.key === end.key
}

function formatStart({ version, side }: Cut): string {
  if (side === 'before') return `>=${version}`
  return side === 'after-posts' || version.local !== undefined ? `>${version}` : `above ${version}`
}

function formatEnd({ version, side }: Cut): string {
  if (side === 'after') return version.local === undefined ? `up to ${version}` : `<=${version}`
  if (side === 'after-posts') return `<=${version} with its post-releases`
  // "<1.0" ends before 1.0.dev0; the text for before 1.0 itself, with its pre-releases, is longer.
  if (!version.isPrerelease) return `<=${version},!=${version}`
  if (version.dev !== 0 || version.pre !== undefined) return `<${version}`
  if (version.post === undefined) return `<${version.with({ dev: undefined })}`
  return `<=${version.with({ dev: undefined, post: previousPost(version.post) })}`
}

function previousPost(post: VersionNumber): VersionNumber | undefined {
  if (typeof post === 'bigint') return post - 1n
  return post === 0 ? undefined : post - 1
}
