/** What is asked of the universal mode: requirements, and the environments for which the answer shall hold. */

import type { Marker, NormalizedName, SpecifierSet, Version } from '@cheeseshop/packaging'
import type { ResolveChoices } from '../request.ts'

/**
 * When a version needs a later Python than the answer starts with.
 * - `requires-python`: later Pythons get it, and the earlier ones an older version.
 * - `fewest`: as few versions of one project as possible, so nobody gets it.
 */
export type ForkStrategy = 'requires-python' | 'fewest'

export interface UniversalRequest extends ResolveChoices {
  /** The Pythons for which the answer shall hold. Its upper bound does, too. */
  readonly requiresPython: SpecifierSet
  /** The environments for which it shall hold, each answered apart; without any, all. */
  readonly environments?: readonly Marker[]
  /** Environments for which each version must have a file. */
  readonly requiredEnvironments?: readonly Marker[]
  readonly forkStrategy?: ForkStrategy
  /** Versions to choose if they fit, such as those of a lock file. A yanked one may stay. */
  readonly preferences?: readonly Preference[]
  /** The parts of an earlier answer: where they cover all environments the search begins with them. */
  readonly forks?: readonly Marker[]
}

export interface Preference {
  readonly name: NormalizedName
  readonly version: Version
  /** Where the version was chosen; everywhere without one. */
  readonly marker?: Marker | undefined
}
