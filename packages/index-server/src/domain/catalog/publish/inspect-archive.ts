/** Opens the uploaded file and judges what is inside. */
import { type ArchiveProblem, checkTarGz, checkZip, InvalidArchive } from '@cheeseshop/archive'
import { checkWheelRecord, readSdist, readWheel } from '@cheeseshop/packaging'
import type { Candidate } from './candidate.ts'
import { findsProblems } from './upload-checks.ts'

/** Each step reads what the one before found sound, so a broken archive is never read as a wheel. */
export async function inspectArchive(candidate: Candidate): Promise<void> {
  candidate.framing = await checkFraming(candidate)
  if (findsProblems(candidate, 'framing')) return
  candidate.framing = await damageOf(() => readDistribution(candidate))
  if (findsProblems(candidate, 'framing')) return
  findsProblems(candidate, 'contents')
  findsProblems(candidate, 'metadata')
}

async function checkFraming({ content, kind, rules }: Candidate): Promise<ArchiveProblem[]> {
  if (content === undefined || kind === undefined) return []
  const isZip = kind === 'bdist_wheel' || content.filename.endsWith('.zip')
  return isZip ? checkZip(content.blob, rules.archive) : checkTarGz(content.blob, rules.archive)
}

async function readDistribution(candidate: Candidate): Promise<void> {
  const { content, wheelName, sdistName } = candidate
  if (content === undefined) return
  if (wheelName !== undefined) {
    candidate.wheel = await readWheel(content.blob, content.filename)
    candidate.recordProblems = await checkWheelRecord(candidate.wheel, { hashes: true })
  }
  if (sdistName !== undefined) candidate.sdist = await readSdist(content.blob, content.filename)
}

/** Faults that only show when the content is unpacked, such as a wrong checksum. */
async function damageOf(read: () => Promise<void>): Promise<ArchiveProblem[]> {
  try {
    await read()
    return []
  } catch (error) {
    if (error instanceof InvalidArchive) return [error]
    throw error
  }
}
