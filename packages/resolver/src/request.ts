/** What is asked of the resolver: requirements, one environment, and the policies to choose by. */

import type { MarkerEnvironment, NormalizedName, Requirement, Version } from '@cheeseshop/packaging'
import type { Candidate } from './provider.ts'

/** A requirement and where it was written, for people: `requirements.txt`, `the command line`. */
export interface StatedRequirement {
  readonly requirement: Requirement
  readonly origin: string
}

/** Whose requirements are meant: those of one version of a project, or of all. */
export interface Scope {
  readonly name: NormalizedName
  readonly version?: Version | undefined
}

/** Within a scope it also adds what is not declared. */
export interface Override extends StatedRequirement {
  readonly within?: Scope | undefined
}

export interface Exclusion {
  readonly name: NormalizedName
  readonly within?: Scope | undefined
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

/** What is asked for and how to choose, wherever that shall hold. */
export interface ResolveChoices {
  readonly requirements: readonly StatedRequirement[]
  /** Narrow the versions of projects that something else requires. Their extras mean nothing. */
  readonly constraints?: readonly StatedRequirement[]
  /**
   * Stand in for every requirement on their projects, stated or not, in their scope; of the replaced one only `extra`
   * counts. One whose marker does not hold is replaced all the same.
   */
  readonly overrides?: readonly Override[]
  /** Projects left out wherever they are required, or in a scope. */
  readonly excludes?: readonly Exclusion[]
  readonly prereleases?: PrereleasePolicy
  /** Another policy for some projects; ignored under `pip`. */
  readonly prereleasesOf?: ReadonlyMap<NormalizedName, Exclude<PrereleasePolicy, 'pip'>>
  readonly strategy?: Strategy
  /** Versions to choose if they fit and no preference does. Here too a yanked one may stay. */
  readonly installed?: ReadonlyMap<NormalizedName, Version>
  readonly onEvent?: (event: ResolveEvent) => void
}

export interface ResolveRequest extends ResolveChoices {
  readonly environment: MarkerEnvironment
  /** Of the interpreter; for Requires-Python it counts without a pre-release part. */
  readonly pythonVersion: Version
  /** `lower`: as uv, an upper bound of Requires-Python says nothing. By default all of it counts, as in pip. */
  readonly pythonBounds?: 'all' | 'lower'
  /** Versions to choose if they fit, such as those of a lock file. A yanked one may stay. */
  readonly preferences?: ReadonlyMap<NormalizedName, Version>
}

export type ResolveEvent =
  | ({ readonly kind: 'decided'; readonly candidate: Candidate } & Pick<
      Candidate,
      'name' | 'version'
    >)
  | { readonly kind: 'rejected'; readonly name: NormalizedName; readonly version: Version }
  | { readonly kind: 'conflict' }
