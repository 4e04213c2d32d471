/** Chooses versions that satisfy Python requirements together, or explains why there are none. */

export { ConflictingUrls } from './direct-urls.ts'
export type { Explanation, Obstacle, Reason } from './explain/explanation.ts'
export { describeHint, type Hint } from './explain/hints.ts'
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
export type {
  PrereleasePolicy,
  ResolveEvent,
  ResolveRequest,
  StatedRequirement,
  Strategy,
} from './request.ts'
export type { Pin, RequiredBy, Resolution, ResolutionWarning } from './resolution.ts'
export { resolve } from './resolve.ts'
