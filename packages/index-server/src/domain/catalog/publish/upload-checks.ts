/** Every check of an upload, by stage. */
import { bytesChecks } from './bytes-checks.ts'
import type { Candidate } from './candidate.ts'
import { runChecks, type UploadCheck } from './check.ts'
import { collisionChecks } from './collision-checks.ts'
import { contentsChecks, framingChecks } from './contents-checks.ts'
import { filenameChecks } from './filename-checks.ts'
import { formChecks } from './form-checks.ts'
import { formMetadataChecks, metadataChecks } from './metadata-checks.ts'
import { nameChecks } from './name-checks.ts'
import { rightsChecks } from './rights-checks.ts'

/** In the order they are run; a check relies on what earlier stages left in the candidate. */
export const uploadChecks = {
  rights: rightsChecks,
  form: [...formChecks, ...formMetadataChecks],
  name: nameChecks,
  filename: filenameChecks,
  bytes: bytesChecks,
  collision: collisionChecks,
  framing: framingChecks,
  contents: contentsChecks,
  metadata: metadataChecks,
} as const satisfies Record<string, readonly UploadCheck[]>

export type Stage = keyof typeof uploadChecks

/** Runs all checks of a stage, adds what they find to the candidate's problems, and tells whether they found anything. */
export function findsProblems(candidate: Candidate, stage: Stage): boolean {
  const found = runChecks(uploadChecks[stage], candidate)
  candidate.problems.push(...found)
  return found.length > 0
}

/** The checks whose answer another upload may have changed since they were run. */
export const recheckedChecks: readonly UploadCheck[] = Object.values(uploadChecks)
  .flat()
  .filter((check: UploadCheck) => check.recheck)
