/** Puts the releases of several sources together: one for each version, whoever has its files. */
import { canonicalizeVersion, tryParseVersion, versionSortKey } from '@cheeseshop/packaging'
import type { ReleaseRow } from '../../database/schema.ts'
import type { ReleaseSummary } from '../catalog/project-files.ts'
import type { IndexFile } from './index-project.ts'

export interface MergedReleases {
  /** Oldest version first. */
  readonly releases: readonly ReleaseSummary[]
  /** By version, then filename, each with the id of its release. */
  readonly files: readonly IndexFile[]
}

interface Release {
  id: number
  version: string
  canonicalVersion: string
  sortKey: string
  isPrerelease: boolean
  createdAt?: string
  files: IndexFile[]
}

export function mergeReleases(
  rows: readonly ReleaseRow[],
  files: readonly IndexFile[],
): MergedReleases {
  const releases = new Map<string, Release>()
  for (const row of rows) {
    if (!releases.has(row.canonical_version)) releases.set(row.canonical_version, fromRow(row))
  }
  const canonical = canonicalVersions(rows)
  for (const file of files) {
    const key = canonical(file)
    const release = releases.get(key) ?? fromVersion(file.version, key, -1 - releases.size)
    releases.set(key, release)
    release.files.push(file)
  }
  const sorted = [...releases.values()].sort((a, b) => compare(a.sortKey, b.sortKey))
  return { releases: sorted.map(summarize), files: sorted.flatMap(filesOf) }
}

function fromRow(row: ReleaseRow): Release {
  return {
    id: row.id,
    version: row.version,
    canonicalVersion: row.canonical_version,
    sortKey: row.version_sort_key,
    isPrerelease: row.is_prerelease === 1,
    createdAt: row.created_at,
    files: [],
  }
}

/** What is no version of PEP 440 comes before all that are. */
function fromVersion(text: string, canonicalVersion: string, id: number): Release {
  const version = tryParseVersion(text)
  return {
    id,
    version: text,
    canonicalVersion,
    sortKey: version === undefined ? '' : versionSortKey(version),
    isPrerelease: version?.isPrerelease ?? false,
    files: [],
  }
}

/** Each spelling is read once: a project may have thousands of files. */
function canonicalVersions(rows: readonly ReleaseRow[]): (file: IndexFile) => string {
  const ofRelease = new Map(rows.map((row) => [row.id, row.canonical_version]))
  const ofText = new Map<string, string>()
  return ({ releaseId, version }) => {
    const known = ofRelease.get(releaseId) ?? ofText.get(version)
    if (known !== undefined) return known
    const parsed = tryParseVersion(version)
    const canonical = parsed === undefined ? version : canonicalizeVersion(parsed)
    ofText.set(version, canonical)
    return canonical
  }
}

function summarize({ files, sortKey: _, createdAt, ...release }: Release): ReleaseSummary {
  const isYanked = files.length > 0 && files.every((file) => file.isYanked)
  const reason = files.find((file) => file.yankedReason !== undefined)?.yankedReason
  const first = createdAt ?? firstUpload(files)
  return {
    ...release,
    isYanked,
    ...(isYanked && reason !== undefined && { yankedReason: reason }),
    ...(first !== undefined && { createdAt: first }),
  }
}

function firstUpload(files: readonly IndexFile[]): string | undefined {
  return files
    .flatMap(({ uploadedAt }) => uploadedAt ?? [])
    .sort()
    .at(0)
}

function filesOf({ id, files }: Release): IndexFile[] {
  return files
    .sort((a, b) => compare(a.filename, b.filename))
    .map((file) => (file.releaseId === id ? file : { ...file, releaseId: id }))
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
