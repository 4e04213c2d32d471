/** The versions that a clause of a specifier accepts, as a set (PEP 440, "Version specifiers"). */

import type { Specifier } from './specifier.ts'
import {
  afterLocals,
  afterPosts,
  before,
  between,
  complement,
  exactly,
  family,
  intersection,
  noVersions,
  type VersionIntervals,
} from './version-intervals.ts'

/** The versions accepted with no regard to any policy on pre-releases; none for `===`, which compares text. */
export function intervalsOf(specifier: Specifier): VersionIntervals {
  const { operator, parsed, isWildcard } = specifier
  if (parsed === undefined || operator === '===') return noVersions
  switch (operator) {
    case '==':
      return isWildcard ? family(parsed) : exactly(parsed)
    case '!=':
      return complement(isWildcard ? family(parsed) : exactly(parsed))
    case '>=':
      return between(before(parsed), undefined)
    case '<=':
      return between(undefined, afterLocals(parsed))
    case '>':
      // PEP 440: ">1.7" excludes 1.7.post1; ">1.7.post1" and ">1.7.dev1" do not exclude what follows them.
      return between(
        parsed.isPostrelease || parsed.isDevrelease ? afterLocals(parsed) : afterPosts(parsed),
        undefined,
      )
    case '<':
      // PEP 440: "<1.7" excludes the pre-releases of 1.7, unless a pre-release is named.
      return between(undefined, before(parsed.isPrerelease ? parsed : parsed.with({ dev: 0 })))
    case '~=':
      return intersection(
        between(before(parsed), undefined),
        family({ epoch: parsed.epoch, release: parsed.release.slice(0, -1) }),
      )
  }
}
