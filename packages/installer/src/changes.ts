/** What a transaction does to an environment. */
import type { DirectUrl } from '@cheeseshop/packaging'
import type { CachedWheel } from './cache/cached-wheel.ts'
import type { InstalledProject } from './environment/installed-project.ts'

/** Done together or not at all. An upgrade is one of each. */
export interface Changes {
  readonly install: readonly WheelToInstall[]
  readonly remove: readonly InstalledProject[]
}

export interface WheelToInstall {
  readonly wheel: CachedWheel
  /** Whether someone asked for it, and not only another project: writes REQUESTED. */
  readonly isRequested: boolean
  /** Where it came from, when not from an index: writes direct_url.json. */
  readonly directUrl?: DirectUrl
}
