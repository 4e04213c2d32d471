/** Publishes one file: the story of an upload, from the form to the answer. */

import { stageBytes } from '../../../storage/blob-store.ts'
import type { Domain } from '../../domain.ts'
import type { Identity } from '../../identity.ts'
import { defaultIndexId } from '../../indexes/package-index.ts'
import { keepBlobs } from '../../keep-blobs.ts'
import { beginUpload } from './begin-upload.ts'
import { type Candidate, readCandidate } from './candidate.ts'
import { readCatalogFacts } from './catalog-facts.ts'
import { inspectArchive } from './inspect-archive.ts'
import { type Publication, unchangedFile } from './publication.ts'
import { recordFile } from './record-file.ts'
import { refuse } from './refuse.ts'
import { requireSound, type SoundUpload } from './sound-upload.ts'
import { newIndexId, type Upload } from './upload.ts'
import { findsProblems, refuseStrangers } from './upload-checks.ts'

/**
 * The file can be installed when this returns. DomainError `not-allowed`, `temporarily-off`, or `upload-refused`
 * with every problem found. The staged bytes are kept or discarded in every case.
 */
export async function publishFile(
  domain: Domain,
  identity: Identity,
  upload: Upload,
): Promise<Publication> {
  await using _staged = upload.content?.blob
  const judged = await judge(domain, identity, upload)
  if ('status' in judged) return judged
  await using metadata = await stageBytes(domain.blobs, judged.metadataBytes)
  // Awaited, because the staged bytes are discarded when this function returns.
  return await keepBlobs(domain, [judged.content.blob, metadata], (tx) => recordFile(tx, judged))
}

/** All that `publishFile` would look at, with the same errors; nothing is kept of it. */
export async function tryFile(
  domain: Domain,
  identity: Identity,
  upload: Upload,
): Promise<'wanted' | 'unchanged'> {
  await using _staged = upload.content?.blob
  const judged = await judge(domain, identity, upload)
  return 'status' in judged ? 'unchanged' : 'wanted'
}

async function judge(
  domain: Domain,
  identity: Identity,
  upload: Upload,
): Promise<Publication | SoundUpload> {
  await beginUpload(domain, identity)
  const candidate = readCandidate(upload, {
    ...{ rules: domain.rules, identity, now: domain.clock() },
    index: upload.index ?? defaultIndexId,
  })
  if (candidate.index !== newIndexId) {
    candidate.catalog = await readCatalogFacts(domain.db, candidate)
  }
  refuseStrangers(candidate)
  const isHopeless = judgeWithoutOpening(candidate)
  const unchanged = candidate.problems.length === 0 && unchangedFile(candidate)
  if (unchanged) return unchanged
  if (isHopeless) refuse(candidate.problems)
  await inspectArchive(candidate)
  return requireSound(candidate)
}

/** True when nothing inside the file could change the answer: its place is taken, it is too large, or damaged on its way. */
function judgeWithoutOpening(candidate: Candidate): boolean {
  const isTaken = findsProblems(candidate, 'collision')
  findsProblems(candidate, 'form')
  findsProblems(candidate, 'name')
  findsProblems(candidate, 'filename')
  const isUnfit = findsProblems(candidate, 'bytes')
  return isTaken || isUnfit
}
