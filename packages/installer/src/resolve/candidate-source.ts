/** What stands behind a candidate: the resolver carries it through and never looks. */

import type { DirectUrl, ProjectFile } from '@cheeseshop/packaging'
import type { Candidate } from '@cheeseshop/resolver'
import type { BuildSource } from '../build/source.ts'
import type { InstalledProject } from '../environment/installed-project.ts'

export type CandidateSource = FileSource | TreeSource | InstalledSource

export interface FileSource {
  readonly kind: 'wheel' | 'sdist'
  readonly file: ProjectFile
  /** The index it is on, as it may be shown; `undefined` for a direct URL. */
  readonly index: string | undefined
}

/** A direct URL that leads to sources with any name: a folder, a commit, an archive that is not called as an sdist is. */
export interface TreeSource {
  readonly kind: 'tree'
  readonly build: BuildSource
  readonly isEditable: boolean
  /** As direct_url.json says it. */
  readonly directUrl: DirectUrl
  /** METADATA, as far as it is known before the build. */
  readonly metadata: Uint8Array
}

/** It is in the environment, and may stay. */
export interface InstalledSource {
  readonly kind: 'installed'
  readonly project: InstalledProject
}

export function sourceOf(candidate: Candidate): CandidateSource {
  return candidate.source as CandidateSource
}
