/** What the resolver asks of the world. It knows no network, disk or clock: a provider brings the answers. */

import type {
  Marker,
  NormalizedName,
  Requirement,
  SpecifierSet,
  Version,
} from '@cheeseshop/packaging'

/** An answer that is there, or one that is to come. What is cached must not come as a promise: waiting costs time. */
export type MaybePromise<Value> = Value | Promise<Value>

/** Answers questions about projects. The same question must always have the same answer. */
export interface Provider {
  /** Every version known of a project; of a direct URL the one version that it leads to. */
  candidates(name: NormalizedName, url?: string): MaybePromise<Candidates>
  /** What one version asks for. */
  dependencies(candidate: Candidate): MaybePromise<Dependencies>
  /** Told what is likely to be asked soon. */
  prefetch?(hint: PrefetchHint): void
  /** Names that exist, for "did you mean". Asked only about a name that does not exist. */
  knownNames?(): Iterable<string>
}

/** One version of a project. */
export interface Candidate {
  readonly name: NormalizedName
  readonly version: Version
  /** Set where it comes from a direct URL. */
  readonly url?: string | undefined
  /** Where it is known without reading the version: a project may have thousands. */
  readonly isPrerelease?: boolean | undefined
  readonly isYanked?: boolean | undefined
  readonly yankedReason?: string | undefined
  /** As far as known without asking for the dependencies. */
  readonly requiresPython?: SpecifierSet | undefined
  /** Why it cannot be used here, whatever else is chosen. */
  readonly incompatible?: Unusable | undefined
  /** Tried only when no other version is left. */
  readonly isLastResort?: boolean | undefined
  /** The environments it has wheels for, where there is nothing else; for answers that shall hold in many. */
  readonly runsOn?: Marker | undefined
  /** The provider's own: what stands behind the candidate. */
  readonly source?: unknown
}

/** Why a version cannot be used. */
export interface Unusable {
  readonly kind: UnusableKind
  /** Follows the name and version in a sentence: `has no wheel for macOS`. */
  readonly message: string
}

export type UnusableKind =
  | 'tags'
  | 'date'
  | 'no-binary'
  | 'only-binary'
  | 'hash'
  | 'metadata'
  | 'offline'
  | 'policy'
  | 'yanked'
  | 'prerelease'

export interface Candidates {
  /** In any order, each version once. */
  readonly versions: readonly Candidate[]
  /** They come oldest first. */
  readonly isSorted?: boolean
  /** Why there are none. */
  readonly missing?: MissingProject | undefined
}

export interface MissingProject {
  readonly kind:
    | 'not-found'
    | 'other-project'
    | 'unauthorized'
    | 'forbidden'
    | 'offline'
    | 'unreachable'
    | 'no-index'
  /** A sentence without its end: `the index answered 403 Forbidden`. */
  readonly message: string
}

export type Dependencies =
  | {
      readonly requires: readonly Requirement[]
      readonly requiresPython?: SpecifierSet | undefined
      readonly providesExtra: readonly NormalizedName[]
    }
  | { readonly unavailable: Unusable }

export type PrefetchHint =
  /** Projects whose candidates will be asked for. */
  | { readonly kind: 'projects'; readonly names: readonly NormalizedName[] }
  /** Many versions were tried in vain; these come next. */
  | { readonly kind: 'dependencies'; readonly candidates: readonly Candidate[] }

/** Whether a candidate is a pre-release; without reading its version where the provider says it. */
export function isEarly(candidate: Candidate): boolean {
  return candidate.isPrerelease ?? candidate.version.isPrerelease
}

export function isPending<Value>(answer: MaybePromise<Value>): answer is Promise<Value> {
  return answer instanceof Promise
}
