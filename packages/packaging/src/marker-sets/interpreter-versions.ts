/**
 * Versions of interpreters: always three numbers. A pre-release counts as what it is a pre-release of, so that
 * `python_version >= "3.15"` and `python_full_version >= "3.15"` say the same of 3.15.0b1.
 */

import { type Specifier, tryParseSpecifier } from '../specifier.ts'
import { intervalsOf } from '../specifier-intervals.ts'
import { exactly, noVersions, type VersionIntervals } from '../version-intervals.ts'
import { Version } from '../versions.ts'

/** The versions from `from` up to before `to`; an end left away is open. */
export interface InterpreterInterval {
  readonly from: InterpreterVersion | undefined
  readonly to: InterpreterVersion | undefined
}

export type InterpreterVersion = readonly [major: number, minor: number, micro: number]

/** What a clause accepts. With `numbers` 2 only the first two of a version are looked at, as in `python_version`. */
export function interpretersOf(specifier: Specifier, numbers: 2 | 3): InterpreterInterval[] {
  const { fromStart, cuts } = versionsOf(specifier, numbers)
  const places = cuts.map(({ key, version }) => firstFrom(key, version, numbers))
  const starts = fromStart ? [undefined, ...places] : places
  const intervals: InterpreterInterval[] = []
  for (let at = 0; at < starts.length; at += 2) {
    const [from, to] = [starts[at], starts[at + 1]]
    if (from === 'never' || isSame(from, to)) continue
    intervals.push({ from, to: to === 'never' ? undefined : to })
  }
  return intervals
}

/** The major and minor numbers written somewhere in a text: what `python_version in TEXT` accepts. */
export function interpretersWithin(text: string): InterpreterInterval[] {
  const found = new Set<string>()
  for (const [all, major = '', minor = ''] of text
    .slice(0, 1000)
    .matchAll(/(\d{1,9})\.(\d{1,9})/g)) {
    if (all.length > 9) continue
    for (let start = 0; start < major.length; start++) {
      for (let end = 1; end <= minor.length; end++) {
        found.add(`${major.slice(start)}.${minor.slice(0, end)}`)
      }
    }
  }
  return [...found].flatMap((each) => {
    const specifier = tryParseSpecifier(`==${each}`)
    // A number that begins with zeros is none that an interpreter writes.
    const isWritten = /^(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(each)
    return specifier && isWritten ? interpretersOf(specifier, 2) : []
  })
}

/** Text whose order is the order of versions. */
export function sortKeyOf(version: InterpreterVersion): string {
  return new Version({ epoch: 0, release: version }).sortKey
}

/** `===` compares text, and interpreters write two or three numbers. */
function versionsOf(specifier: Specifier, numbers: 2 | 3): VersionIntervals {
  const { operator, parsed, version } = specifier
  if (operator !== '===') return intervalsOf(specifier)
  const isWritten = parsed?.release.length === numbers && parsed.release.join('.') === version
  return isWritten ? exactly(parsed) : noVersions
}

/** The first interpreter that is not before a cut. */
function firstFrom(
  key: string,
  { epoch, release }: Version,
  numbers: 2 | 3,
): InterpreterVersion | 'never' {
  if (epoch !== 0) return 'never'
  const parts = Array.from({ length: numbers }, (_, at) => Number(release[at] ?? 0))
  if (!parts.every(Number.isSafeInteger)) return 'never'
  const [major = 0, minor = 0, micro = 0] = parts
  if (new Version({ epoch: 0, release: parts }).sortKey >= key) return [major, minor, micro]
  return numbers === 2 ? [major, minor + 1, 0] : [major, minor, micro + 1]
}

function isSame(
  a: InterpreterVersion | undefined,
  b: InterpreterVersion | 'never' | undefined,
): boolean {
  return a !== undefined && b !== undefined && `${a}` === `${b}`
}
