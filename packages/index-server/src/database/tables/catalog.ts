/** What an index hosts: projects, releases, files, and what is known of them. */
import type { Generated } from 'kysely'

export type ProjectStatus = 'active' | 'archived' | 'deprecated' | 'quarantined'
export type FileKind = 'bdist_wheel' | 'sdist'

export interface CatalogTables {
  projects: ProjectsTable
  releases: ReleasesTable
  files: FilesTable
  file_metadata: FileMetadataTable
  wheel_twins: WheelTwinsTable
  retired_filenames: RetiredFilenamesTable
}

export interface ProjectsTable {
  id: Generated<number>
  index_id: Generated<number>
  /** The spelling of the newest upload. */
  name: string
  normalized_name: string
  /** The name after confusable characters are folded, for look-alike checks. */
  look_alike_key: string
  status: ProjectStatus
  status_reason: string | null
  /** The id of the newest event about this project: the serial every page of it carries. */
  last_serial: number
  /** Bytes of all its files. */
  size: number
  created_at: string
}

export interface ReleasesTable {
  id: Generated<number>
  project_id: number
  /** As the first file spelled it. */
  version: string
  /** PEP 440 normal form without trailing zeros: one release per project and canonical version. */
  canonical_version: string
  /** Byte order of this text is PEP 440 order. */
  version_sort_key: string
  is_prerelease: 0 | 1
  created_at: string
}

export interface FilesTable {
  id: Generated<number>
  /** That of its project. */
  index_id: Generated<number>
  project_id: number
  release_id: number
  filename: string
  kind: FileKind
  /** `cp312`, `py2.py3`, or `source`. */
  python_tag: string
  size: number
  sha256: string
  blake2b_256: string
  md5: string
  requires_python: string | null
  /** SHA-256 of the core metadata served beside the file, or null when none is advertised. */
  metadata_sha256: string | null
  /** 1 when yanked (PEP 592); the reason may still be null. */
  yanked: 0 | 1
  yanked_reason: string | null
  uploaded_at: string
  uploaded_by: number | null
  uploaded_via: string | null
}

/** What the file says of itself; apart from `files`, so that listing files stays cheap. */
interface FileMetadataTable {
  file_id: number
  /** SHA-256 of the METADATA or PKG-INFO bytes as stored, advertised or not. */
  sha256: string
  /** Core metadata as JSON without the description. */
  core_metadata: string
}

/** Wheels packed once more for quick unpacking; a wheel has one or none. */
interface WheelTwinsTable {
  /** Never used again, so that the highest one and their number tell whether anything changed. */
  id: Generated<number>
  file_id: number
  /** The normalized name. */
  project: string
  sha256: string
  size: number
  made_at: string
}

/** Filenames of deleted files: they can never be used again in their index. */
interface RetiredFilenamesTable {
  index_id: Generated<number>
  filename: string
  retired_at: string
  /** What it was, for pages of the past; null for those deleted before it was kept. */
  project_id: number | null
  normalized_name: string | null
  version: string | null
  /** Its row as JSON. */
  file: string | null
}
