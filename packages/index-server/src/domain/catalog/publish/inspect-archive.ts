/** Opens the uploaded file and judges what is inside. */
import {
  type ArchiveProblem,
  type ArchiveProblemCode,
  checkTarGz,
  checkZip,
  checkZipFraming,
  InvalidArchive,
} from '@cheeseshop/archive'
import { checkWheelRecord, readSdist, readWheel, type WheelContents } from '@cheeseshop/packaging'
import type { Candidate } from './candidate.ts'
import { findsProblems } from './upload-checks.ts'

/** Each step reads what the one before found sound, so a broken archive is never read as a wheel. */
export async function inspectArchive(candidate: Candidate): Promise<void> {
  const found = await checkFraming(candidate)
  candidate.framing = found.filter(({ code }) => !tolerated.has(code))
  candidate.remarks = found.filter(({ code }) => tolerated.has(code))
  if (findsProblems(candidate, 'framing')) return
  candidate.framing = await damageOf(() => readDistribution(candidate))
  if (findsProblems(candidate, 'framing')) return
  findsProblems(candidate, 'contents')
  findsProblems(candidate, 'metadata')
}

/** Unclean, but read in one way by all, and accepted by the public index: a warning. */
const tolerated: ReadonlySet<string> = new Set<ArchiveProblemCode>([
  'case-collision',
  'no-end-marker',
  'type-mismatch',
  'unknown-flags',
])

async function checkFraming(candidate: Candidate): Promise<ArchiveProblem[]> {
  const { content, kind, rules } = candidate
  if (content === undefined || kind === undefined) return []
  const { blob, filename } = content
  // The content of a wheel is unpacked and verified once, when it is compared with RECORD.
  if (candidate.wheelName !== undefined) return checkZipFraming(blob, rules.archive)
  const isZip = kind === 'bdist_wheel' || filename.endsWith('.zip')
  return isZip ? checkZip(blob, rules.archive) : checkTarGz(blob, rules.archive)
}

async function readDistribution(candidate: Candidate): Promise<void> {
  const { content, wheelName, sdistName } = candidate
  if (content === undefined) return
  if (wheelName !== undefined) {
    candidate.wheel = await readWheel(content.blob, content.filename)
    candidate.recordProblems = await checkWheelRecord(candidate.wheel, { hashes: true })
    await unpackUnhashed(candidate.wheel)
  }
  if (sdistName !== undefined) candidate.sdist = await readSdist(content.blob, content.filename)
}

/** RECORD and its signatures, and whatever RECORD forgot: nothing in a wheel goes unverified. */
async function unpackUnhashed({ archive, entries, record }: WheelContents): Promise<void> {
  const hashed = new Set(record.filter((entry) => entry.hash).map((entry) => entry.path))
  for (const entry of entries) {
    if (hashed.has(entry.name)) continue
    for await (const _ of archive.scan(entry));
  }
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
