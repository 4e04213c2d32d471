/** The grammar of versions (PEP 440, appendix B). */

import { pythonSpace } from './grammar/whitespace.ts'
import type { PreReleaseLabel, VersionNumber, VersionParts } from './versions.ts'

/** The longest text read as a version; real ones stay below a hundred characters. */
export const longestVersion = 512

/** The parts of a version, normalised; `undefined` for text that is none. */
export function readVersion(text: string): VersionParts | undefined {
  if (text.length > longestVersion) return undefined
  const release = readPlainRelease(text)
  if (release !== undefined) return { epoch: 0, release }
  const match = versionPattern.exec(text)
  return match === null ? undefined : partsOf(match)
}

/** The number written by these digits; leading zeros do not count. */
function toVersionNumber(digits: string): VersionNumber {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

/** Reads `N.N.N`, the form of nearly all versions, several times faster than the pattern would. */
function readPlainRelease(text: string): VersionNumber[] | undefined {
  const release: VersionNumber[] = []
  let number = 0
  let digits = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code >= 48 && code <= 57 && digits < 15) {
      number = number * 10 + (code - 48)
      digits++
    } else if (code === 46 && digits > 0) {
      release.push(number)
      number = 0
      digits = 0
    } else {
      return undefined
    }
  }
  if (digits === 0) return undefined
  release.push(number)
  return release
}

// PEP 440, appendix B. Each part begins with a character the part before it cannot contain or end with, so a
// mismatch is found in linear time.
const versionPattern = new RegExp(
  [
    `^[${pythonSpace}]*v?`,
    '(?:(?<epoch>[0-9]+)!)?',
    '(?<release>[0-9]+(?:\\.[0-9]+)*)',
    '(?:[._-]?(?<pre>alpha|beta|preview|pre|a|b|c|rc)[._-]?(?<preNumber>[0-9]*))?',
    '(?:-(?<implicitPost>[0-9]+)|[._-]?(?<post>post|rev|r)[._-]?(?<postNumber>[0-9]*))?',
    '(?:[._-]?(?<dev>dev)[._-]?(?<devNumber>[0-9]*))?',
    '(?:\\+(?<local>[a-z0-9]+(?:[._-][a-z0-9]+)*))?',
    `[${pythonSpace}]*$`,
  ].join(''),
  'i',
)

const preLabels = new Map<string, PreReleaseLabel>([
  ['a', 'a'],
  ['alpha', 'a'],
  ['b', 'b'],
  ['beta', 'b'],
  ['c', 'rc'],
  ['rc', 'rc'],
  ['pre', 'rc'],
  ['preview', 'rc'],
])

function partsOf(match: RegExpExecArray): VersionParts {
  const part = match.groups as Record<string, string | undefined>
  const label = part.pre && preLabels.get(part.pre.toLowerCase())
  const post = part.implicitPost ?? (part.post && (part.postNumber || '0'))
  return {
    epoch: toVersionNumber(part.epoch ?? '0'),
    release: (part.release as string).split('.').map(toVersionNumber),
    pre: label ? [label, toVersionNumber(part.preNumber || '0')] : undefined,
    post: post === undefined ? undefined : toVersionNumber(post),
    dev: part.dev === undefined ? undefined : toVersionNumber(part.devNumber || '0'),
    local: part.local === undefined ? undefined : normalizeLocal(part.local),
  }
}

function normalizeLocal(local: string): string {
  return local
    .toLowerCase()
    .split(/[._-]/)
    .map((segment) => (/^[0-9]+$/.test(segment) ? String(toVersionNumber(segment)) : segment))
    .join('.')
}
