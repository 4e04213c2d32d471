/** What stands behind a candidate: the resolver carries it through and never looks. */

import type { ProjectFile } from '@cheeseshop/packaging'
import type { Candidate } from '@cheeseshop/resolver'
import type { InstalledProject } from '../environment/installed-project.ts'

export type CandidateSource = FileSource | InstalledSource

export interface FileSource {
  readonly kind: 'wheel' | 'sdist'
  readonly file: ProjectFile
  /** The index it is on, as it may be shown; `undefined` for a direct URL. */
  readonly index: string | undefined
}

/** It is in the environment, and may stay. */
export interface InstalledSource {
  readonly kind: 'installed'
  readonly project: InstalledProject
}

export function sourceOf(candidate: Candidate): CandidateSource {
  return candidate.source as CandidateSource
}
