/** What is asked of the resolver: requirements, one environment, and the policies to choose by. */

import type { MarkerEnvironment, NormalizedName, Requirement, Version } from '@cheeseshop/packaging'

/** A requirement and where it was written, for people: `requirements.txt`, `the command line`. */
export interface StatedRequirement {
  readonly requirement: Requirement
  readonly origin: string
}

/**
 * Which pre-releases may be chosen.
 * - `if-necessary`: where no final version is left (uv 0.12).
 * - `allow`: as any other version.
 * - `disallow`: none.
 * - `explicit`: of projects for which a stated requirement names a pre-release.
 * - `pip`: packaging's rule, applied to all requirements on the project at once: a specifier that names a pre-release lets
 *   them in, and they are in where no final version matches. Yanked versions go by pip's rule too: in where a specifier
 *   pins the version and all that match are yanked.
 */
export type PrereleasePolicy = 'if-necessary' | 'allow' | 'disallow' | 'explicit' | 'pip'

/** Which end of a project's versions to begin with; `lowest-direct` is `lowest` for stated requirements only. */
export type Strategy = 'highest' | 'lowest' | 'lowest-direct'

export interface ResolveRequest {
  readonly requirements: readonly StatedRequirement[]
  /** Narrow the versions of projects that something else requires. Their extras mean nothing. */
  readonly constraints?: readonly StatedRequirement[]
  /** Stand in for every requirement on their projects, stated or not; of the replaced one only `extra` counts. */
  readonly overrides?: readonly StatedRequirement[]
  /** Projects left out wherever they are required. */
  readonly excludes?: ReadonlySet<NormalizedName>
  readonly environment: MarkerEnvironment
  /** Of the interpreter; for Requires-Python it counts without a pre-release part. */
  readonly pythonVersion: Version
  /** `lower`: as uv, an upper bound of Requires-Python says nothing. By default all of it counts, as in pip. */
  readonly pythonBounds?: 'all' | 'lower'
  readonly prereleases?: PrereleasePolicy
  /** Another policy for some projects; ignored under `pip`. */
  readonly prereleasesOf?: ReadonlyMap<NormalizedName, Exclude<PrereleasePolicy, 'pip'>>
  readonly strategy?: Strategy
  /** Versions to choose if they fit, such as those of a lock file. A yanked one may stay. */
  readonly preferences?: ReadonlyMap<NormalizedName, Version>
  /** Versions to choose if they fit and no preference does. Here too a yanked one may stay. */
  readonly installed?: ReadonlyMap<NormalizedName, Version>
  readonly onEvent?: (event: ResolveEvent) => void
}

export type ResolveEvent =
  | { readonly kind: 'decided'; readonly name: NormalizedName; readonly version: Version }
  | { readonly kind: 'rejected'; readonly name: NormalizedName; readonly version: Version }
  | { readonly kind: 'conflict' }
