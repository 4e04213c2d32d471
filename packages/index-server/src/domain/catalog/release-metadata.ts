/** What a release says of itself: the metadata of the file that speaks best for all its files. */
import {
  type CoreMetadata,
  canonicalizeVersion,
  type NormalizedName,
  readMetadata,
  tryParseVersion,
} from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'
import type { FileSource } from '../indexes/index-project.ts'
import { UpstreamUnavailable } from '../upstream/upstreams.ts'
import type { ReleaseFile, ReleaseSummary } from './project-files.ts'

/** What is asked of a file here: uploaded ones have an id, others a source that can be asked. */
export interface DescribedFile
  extends Pick<ReleaseFile, 'releaseId' | 'kind' | 'filename' | 'metadataSha256'> {
  readonly id?: number
  readonly hasMetadata?: boolean
  readonly source?: FileSource
}

export interface DescribedProject {
  readonly normalizedName: NormalizedName
  readonly releases: readonly ReleaseSummary[]
  readonly files: readonly DescribedFile[]
}

export interface ReleaseMetadata {
  /** The name of the file it was read from. */
  filename: string
  /** With the description. */
  metadata: CoreMetadata
}

/** Undefined for a release without visible files. */
export async function readReleaseMetadata(
  domain: Domain,
  project: DescribedProject,
  version: string,
): Promise<ReleaseMetadata | undefined> {
  const release = findRelease(project, version)
  const files = project.files.filter((file) => file.releaseId === release?.id)
  const file = files.sort(bySpeakingForAll)[0]
  const metadata = file && (await readCoreMetadata(domain, project.normalizedName, file))
  return metadata && { filename: file.filename, metadata }
}

/** The release of a version in any spelling. */
export function findRelease(
  project: Pick<DescribedProject, 'releases'>,
  version: string,
): ReleaseSummary | undefined {
  const parsed = tryParseVersion(version)
  const canonical = parsed && canonicalizeVersion(parsed)
  return project.releases.find((release) => release.canonicalVersion === canonical)
}

/** The release people mean when they name none: with files, not yanked, no pre-release, and then the newest. */
export function latestRelease(
  project: Pick<DescribedProject, 'releases' | 'files'>,
): ReleaseSummary | undefined {
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
function bySpeakingForAll(a: DescribedFile, b: DescribedFile): number {
  return rankOf(a) - rankOf(b) || (a.id ?? 0) - (b.id ?? 0)
}

function rankOf({ kind, metadataSha256, hasMetadata, filename }: DescribedFile): number {
  if (kind === 'sdist') return (hasMetadata ?? metadataSha256 !== undefined) ? 0 : 3
  return filename.endsWith('-none-any.whl') ? 1 : 2
}

async function readCoreMetadata(
  domain: Domain,
  name: NormalizedName,
  file: DescribedFile,
): Promise<CoreMetadata | undefined> {
  if (file.source?.kind === 'upstream') return readUpstreamMetadata(domain, name, file.source)
  const row = file.id === undefined ? undefined : await readRow(domain, file.id)
  if (row === undefined) return undefined
  const core = JSON.parse(row.core_metadata) as CoreMetadata
  const description = await readDescription(domain, row.sha256)
  return { ...core, ...(description !== undefined && { description }) }
}

/** A page about a project is worth having without its description. */
async function readUpstreamMetadata(
  { upstreams }: Domain,
  name: NormalizedName,
  { upstream, file }: Extract<FileSource, { kind: 'upstream' }>,
): Promise<CoreMetadata | undefined> {
  // Of a wheel it can be had all the same, out of the wheel.
  if (file.hasMetadata === false && file.kind === 'sdist') return undefined
  try {
    await using blob = await upstreams.openMetadata(upstream, name, file)
    return readMetadata(await blob.read(0, blob.size)).metadata
  } catch (error) {
    if (error instanceof UpstreamUnavailable) return undefined
    throw error
  }
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
