/** What a release says of itself: the metadata of the file that speaks best for all its files. */
import {
  type CoreMetadata,
  canonicalizeVersion,
  readMetadata,
  tryParseVersion,
} from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'
import type { ProjectFiles, ReleaseFile, ReleaseSummary } from './project-files.ts'

export interface ReleaseMetadata {
  /** The file it was read from. */
  file: ReleaseFile
  /** With the description. */
  metadata: CoreMetadata
}

/** Undefined for a release without visible files. */
export async function readReleaseMetadata(
  domain: Domain,
  project: ProjectFiles,
  version: string,
): Promise<ReleaseMetadata | undefined> {
  const release = findRelease(project, version)
  const files = project.files.filter((file) => file.releaseId === release?.id)
  const file = files.sort(bySpeakingForAll)[0]
  const row = file && (await readRow(domain, file.id))
  if (!file || !row) return undefined
  const core = JSON.parse(row.core_metadata) as CoreMetadata
  const description = await readDescription(domain, row.sha256)
  return { file, metadata: { ...core, ...(description !== undefined && { description }) } }
}

/** The release of a version in any spelling. */
export function findRelease(project: ProjectFiles, version: string): ReleaseSummary | undefined {
  const parsed = tryParseVersion(version)
  const canonical = parsed && canonicalizeVersion(parsed)
  return project.releases.find((release) => release.canonicalVersion === canonical)
}

/** The release people mean when they name none: with files, not yanked, no pre-release, and then the newest. */
export function latestRelease(project: ProjectFiles): ReleaseSummary | undefined {
  const withFiles = new Set(project.files.map((file) => file.releaseId))
  const rank = (release: ReleaseSummary): number =>
    (withFiles.has(release.id) ? 0 : 4) +
    (release.isYanked ? 2 : 0) +
    (release.isPrerelease ? 1 : 0)
  return project.releases.reduce<ReleaseSummary | undefined>(
    (best, release) => (best === undefined || rank(release) <= rank(best) ? release : best),
    undefined,
  )
}

/** An sdist whose metadata holds for every wheel comes before a wheel for every platform, and that before the others. */
function bySpeakingForAll(a: ReleaseFile, b: ReleaseFile): number {
  return rankOf(a) - rankOf(b) || a.id - b.id
}

function rankOf({ kind, metadataSha256, filename }: ReleaseFile): number {
  if (kind === 'sdist') return metadataSha256 === undefined ? 3 : 0
  return filename.endsWith('-none-any.whl') ? 1 : 2
}

function readRow({ db }: Domain, fileId: number) {
  return db
    .selectFrom('file_metadata')
    .select(['sha256', 'core_metadata'])
    .where('file_id', '=', fileId)
    .executeTakeFirst()
}

async function readDescription({ blobs }: Domain, sha256: string): Promise<string | undefined> {
  await using blob = await blobs.open(sha256)
  if (blob === undefined) return undefined
  return readMetadata(await blob.read(0, blob.size)).metadata.description
}
