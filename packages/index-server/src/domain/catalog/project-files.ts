/** A project with its files: the one value that every page, API and feed of a project is a view of. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { FileKind, ProjectStatus, ReleaseRow } from '../../database/schema.ts'
import type { Domain } from '../domain.ts'
import { findProject } from './find-project.ts'
import { type FileColumns, fileColumns, toReleaseFile } from './release-file.ts'

export interface ProjectFiles {
  id: number
  name: string
  normalizedName: NormalizedName
  status: ProjectStatus
  statusReason?: string
  lastSerial: number
  /** Every release, oldest version first, also those without files. */
  releases: readonly ReleaseSummary[]
  /** Visible files by version, then filename; empty while the project is quarantined. */
  files: readonly ReleaseFile[]
}

export interface ReleaseSummary {
  id: number
  version: string
  canonicalVersion: string
  isPrerelease: boolean
  /** All its files are yanked, and it has some. */
  isYanked: boolean
  yankedReason?: string
  createdAt: string
}

export interface ReleaseFile {
  id: number
  releaseId: number
  version: string
  filename: string
  kind: FileKind
  pythonTag: string
  size: number
  sha256: string
  blake2b256: string
  md5: string
  requiresPython?: string
  metadataSha256?: string
  isYanked: boolean
  yankedReason?: string
  uploadedAt: string
  uploadedVia?: string
}

/** The path part of a file's permanent URL: `/packages/aa/bb/rest/filename`, split from its BLAKE2b-256 as PyPI does. */
export function filePath(file: Pick<ReleaseFile, 'blake2b256' | 'filename'>): string {
  const digest = file.blake2b256
  return `/packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${encodeURIComponent(file.filename)}`
}

/**
 * Reads a project with all its files. The project's row comes first, so what is returned is never older than its
 * `lastSerial`; releases come last, so every file finds its own.
 */
export async function readProjectFiles(
  domain: Domain,
  normalizedName: NormalizedName,
): Promise<ProjectFiles | undefined> {
  const project = await findProject(domain, normalizedName)
  if (project === undefined) return undefined
  const rows = project.status === 'quarantined' ? [] : await readFileRows(domain, project.id)
  const releases = await readReleases(domain, project.id)
  const byRelease = Map.groupBy(rows, (row) => row.release_id)
  const files = releases.flatMap(({ id, version }) =>
    (byRelease.get(id) ?? []).sort(byFilename).map((row) => toReleaseFile(row, version)),
  )
  const { createdAt: _, size: __, ...shown } = project
  return { ...shown, releases: releases.map((release) => summarize(release, byRelease)), files }
}

function readFileRows({ db }: Domain, projectId: number): Promise<FileColumns[]> {
  return db.selectFrom('files').select(fileColumns).where('project_id', '=', projectId).execute()
}

function readReleases({ db }: Domain, projectId: number): Promise<ReleaseRow[]> {
  return db
    .selectFrom('releases')
    .selectAll()
    .where('project_id', '=', projectId)
    .orderBy('version_sort_key')
    .execute()
}

function summarize(
  release: ReleaseRow,
  byRelease: ReadonlyMap<number, readonly FileColumns[]>,
): ReleaseSummary {
  const files = byRelease.get(release.id) ?? []
  const reason = files.find((file) => file.yanked_reason !== null)?.yanked_reason
  const isYanked = files.length > 0 && files.every((file) => file.yanked === 1)
  return {
    id: release.id,
    version: release.version,
    canonicalVersion: release.canonical_version,
    isPrerelease: release.is_prerelease === 1,
    isYanked,
    ...(isYanked && reason != null && { yankedReason: reason }),
    createdAt: release.created_at,
  }
}

function byFilename(a: FileColumns, b: FileColumns): number {
  return a.filename < b.filename ? -1 : a.filename > b.filename ? 1 : 0
}
