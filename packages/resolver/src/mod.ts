/** Chooses versions that satisfy Python requirements together, or explains why there are none. */

export { ConflictingUrls } from './direct-urls.ts'
export type { Explanation, Obstacle, Reason } from './explain/explanation.ts'
export { describeHint, type Hint } from './explain/hints.ts'
export { similarNames } from './explain/similar-names.ts'
export type { StatedPart } from './explain/stated-parts.ts'
export { NoSolution } from './no-solution.ts'
export type {
  Candidate,
  Candidates,
  Dependencies,
  MaybePromise,
  MissingProject,
  PrefetchHint,
  Provider,
  Unusable,
  UnusableKind,
} from './provider.ts'
export { isEarly } from './provider.ts'
export type {
  Exclusion,
  Override,
  PrereleasePolicy,
  ResolveChoices,
  ResolveEvent,
  ResolveRequest,
  Scope,
  StatedRequirement,
  Strategy,
} from './request.ts'
export type { Pin, RequiredBy, Resolution, ResolutionWarning } from './resolution.ts'
export { resolve } from './resolve.ts'
export { NoEnvironments, resolveUniversal, TooManyForks } from './universal/resolve-universal.ts'
export type { ForkStrategy, Preference, UniversalRequest } from './universal/universal-request.ts'
export type {
  UniversalDependency,
  UniversalPin,
  UniversalResolution,
} from './universal/universal-resolution.ts'
