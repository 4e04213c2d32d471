/** Every table as a type; the same columns on SQLite and PostgreSQL. Times are ISO 8601 UTC text, booleans are 0 or 1, JSON is text. */
import type { Generated, Insertable, Selectable } from 'kysely'

export interface Schema {
  users: UsersTable
  tokens: TokensTable
  grants: GrantsTable
  projects: ProjectsTable
  releases: ReleasesTable
  files: FilesTable
  file_metadata: FileMetadataTable
  retired_filenames: RetiredFilenamesTable
  events: EventsTable
  totals: TotalsTable
  jobs: JobsTable
}

export type ProjectStatus = 'active' | 'archived' | 'deprecated' | 'quarantined'
export type FileKind = 'bdist_wheel' | 'sdist'

/** A person or a machine that owns tokens. */
export interface UsersTable {
  id: Generated<number>
  username: string
  /** Case-folded username, unique. */
  normalized_username: string
  display_name: string
  email: string | null
  is_administrator: 0 | 1
  created_at: string
}

/** An API token; only the SHA-256 of its secret is kept. */
export interface TokensTable {
  id: Generated<number>
  user_id: number
  name: string
  secret_sha256: string
  /** JSON list of scopes: "upload", "manage", "admin". */
  scopes: string
  /** JSON list of normalized project names it is limited to, or null for all. */
  projects: string | null
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

/** Who may do what to a project. */
export interface GrantsTable {
  user_id: number
  project_id: number
  role: 'owner' | 'maintainer'
  created_at: string
}

export interface ProjectsTable {
  id: Generated<number>
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
export interface FileMetadataTable {
  file_id: number
  /** SHA-256 of the METADATA or PKG-INFO bytes as stored, advertised or not. */
  sha256: string
  /** Core metadata as JSON without the description. */
  core_metadata: string
}

/** Filenames of deleted files: they can never be used again. */
export interface RetiredFilenamesTable {
  filename: string
  retired_at: string
}

/** The one log: audit trail, journal and change feed. `id` is the serial. */
export interface EventsTable {
  id: Generated<number>
  type: string
  at: string
  /** Username of who did it, or the name of the system part. */
  actor: string
  project_id: number | null
  /** Display name, kept although the project may be deleted later. */
  project_name: string | null
  version: string | null
  filename: string | null
  /** JSON facts that belong to the type. */
  facts: string
}

/** One row: how many there are, kept with each change so that counting never scans. */
export interface TotalsTable {
  id: 1
  projects: number
  releases: number
  files: number
  bytes: number
  users: number
}

export interface JobsTable {
  id: Generated<number>
  type: string
  payload: string
  /** At most one waiting job per key. */
  unique_key: string | null
  run_at: string
  attempts: number
  leased_until: string | null
  last_error: string | null
  /** Set when it has failed for the last time; it stays for people to look at. */
  failed_at: string | null
  created_at: string
}

export type ProjectRow = Selectable<ProjectsTable>
export type ReleaseRow = Selectable<ReleasesTable>
export type FileRow = Selectable<FilesTable>
export type EventRow = Selectable<EventsTable>
export type TokenRow = Selectable<TokensTable>
export type UserRow = Selectable<UsersTable>
export type JobRow = Selectable<JobsTable>
export type NewFile = Insertable<FilesTable>
