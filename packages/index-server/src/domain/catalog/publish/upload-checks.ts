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
import { refuse } from './refuse.ts'
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
  // One by one: a file may have more mistakes than a call takes arguments.
  for (const problem of found) candidate.problems.push(problem)
  return found.length > 0
}

/** Who may not upload at all hears nothing of what else is wrong. DomainError `not-allowed`. */
export function refuseStrangers(candidate: Candidate): void {
  refuse(runChecks(uploadChecks.rights, candidate), 'not-allowed')
}

/** Runs the checks again whose answer a change to the catalog may have changed. */
export function recheck(candidate: Candidate): void {
  refuseStrangers(candidate)
  refuse(runChecks(rechecked, candidate))
}

const rechecked: readonly UploadCheck[] = Object.values(uploadChecks)
  .flat()
  .filter((check: UploadCheck) => check.recheck)
