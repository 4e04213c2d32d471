/** Every table as a type; the same columns on SQLite and PostgreSQL. Times are ISO 8601 UTC text, booleans are 0 or 1, JSON is text. */
import type { Generated, Insertable, Selectable } from 'kysely'

export interface Schema {
  indexes: IndexesTable
  index_members: IndexMembersTable
  index_sources: IndexSourcesTable
  name_origins: NameOriginsTable
  name_claims: NameClaimsTable
  upstreams: UpstreamsTable
  upstream_projects: UpstreamProjectsTable
  upstream_changes: UpstreamChangesTable
  upstream_files: UpstreamFilesTable
  upstream_leases: UpstreamLeasesTable
  users: UsersTable
  tokens: TokensTable
  grants: GrantsTable
  projects: ProjectsTable
  releases: ReleasesTable
  files: FilesTable
  file_metadata: FileMetadataTable
  wheel_twins: WheelTwinsTable
  policies: PoliciesTable
  exemptions: ExemptionsTable
  advisories: AdvisoriesTable
  retired_filenames: RetiredFilenamesTable
  events: EventsTable
  totals: TotalsTable
  jobs: JobsTable
}

export type ProjectStatus = 'active' | 'archived' | 'deprecated' | 'quarantined'
export type FileKind = 'bdist_wheel' | 'sdist'

export type NameOrigin = 'hosted' | 'upstream' | 'both'
export type IndexRole = 'reader' | 'uploader' | 'owner'

/** A list of projects with URLs of its own. The default index has the id 1. */
export interface IndexesTable {
  id: Generated<number>
  /** `acme/dev`; empty for the default index, whose URLs are those of the root. */
  path: string
  readers: 'everyone' | 'members'
  uploaders: 'everyone' | 'members'
  /** The serial of the last change of the index itself: its sources, members, claims and policy. */
  revision: number
  created_at: string
}

export interface IndexMembersTable {
  index_id: number
  user_id: number
  role: IndexRole
  created_at: string
}

/** Where an index has its files from, in order: its own uploads, another index, an upstream. */
export interface IndexSourcesTable {
  index_id: number
  position: number
  kind: 'hosted' | 'index' | 'upstream'
  source_index_id: number | null
  upstream_id: number | null
}

/** Where the files of a name come from in an index; no row: nobody has asked yet. */
export interface NameOriginsTable {
  index_id: number
  normalized_name: string
  origin: NameOrigin
  set_at: string
  /** The owner who decided; null when it followed from what came first. */
  set_by: string | null
}

/** Names kept for uploads before there are any: `acme-*`. */
export interface NameClaimsTable {
  index_id: number
  pattern: string
  claimed_at: string
  claimed_by: string
}

/** Other servers' indexes; a URL never holds credentials. */
export interface UpstreamsTable {
  id: Generated<number>
  name: string
  url: string
  created_at: string
}

/** What an upstream said of a project, the last time it said anything. */
export interface UpstreamProjectsTable {
  upstream_id: number
  normalized_name: string
  /** The parsed page, compressed: domain/upstream/kept-page.ts. */
  page: Uint8Array
  page_size: number
  etag: string | null
  last_modified: string | null
  fetched_at: string
  /** When the upstream last confirmed it. */
  checked_at: string
  fresh_until: string
  revision: number
  last_error: string | null
}

/** One row: a number that moves whenever what is shown of any upstream does. */
export interface UpstreamChangesTable {
  id: 1
  revision: number
}

/** Files of upstreams whose bytes or metadata are here. They may be evicted at any time; uploads are in `files`. */
export interface UpstreamFilesTable {
  upstream_id: number
  normalized_name: string
  filename: string
  /** Null while only its metadata is here. */
  sha256: string | null
  size: number | null
  metadata_sha256: string | null
  metadata_size: number | null
  /** From the server it came from. */
  last_modified: string | null
  stored_at: string
  last_used_at: string
  /** 1: never evicted. */
  pinned: 0 | 1
}

/** What a process is fetching just now. */
export interface UpstreamLeasesTable {
  upstream_id: number
  wanted: string
  leased_until: string
}

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
export interface FileMetadataTable {
  file_id: number
  /** SHA-256 of the METADATA or PKG-INFO bytes as stored, advertised or not. */
  sha256: string
  /** Core metadata as JSON without the description. */
  core_metadata: string
}

/** Wheels packed once more for quick unpacking; a wheel has one or none. */
export interface WheelTwinsTable {
  /** Never used again, so that the highest one and their number tell whether anything changed. */
  id: Generated<number>
  file_id: number
  /** The normalized name. */
  project: string
  sha256: string
  size: number
  made_at: string
}

/** What an index leaves out: the newest row holds, the older ones are for pages of the past. */
export interface PoliciesTable {
  index_id: number
  /** Of the event that says who set it. */
  serial: number
  /** JSON list of rules as the operator wrote them. */
  rules: string
}

/** Exceptions from the policy, for a while. */
export interface ExemptionsTable {
  id: Generated<number>
  index_id: number
  /** `flask`, `acme-*`, `flask==3.1` */
  target: string
  /** The name of the rule it is from; null: from all. */
  rule: string | null
  reason: string
  created_by: string
  created_at: string
  expires_at: string
}

/** What is known to be wrong with versions of a project, whoever publishes it. */
export interface AdvisoriesTable {
  normalized_name: string
  id: string
  modified_at: string
  /** JSON of an `Advisory`. */
  advisory: string
}

/** Filenames of deleted files: they can never be used again in their index. */
export interface RetiredFilenamesTable {
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

/** The one log: audit trail, journal and change feed. `id` is the serial. */
export interface EventsTable {
  id: Generated<number>
  type: string
  at: string
  /** Username of who did it, or the name of the system part. */
  actor: string
  /** Null: the default index, or none where there is no project. */
  index_id: number | null
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

export type IndexRow = Selectable<IndexesTable>
export type ProjectRow = Selectable<ProjectsTable>
export type ReleaseRow = Selectable<ReleasesTable>
export type FileRow = Selectable<FilesTable>
export type EventRow = Selectable<EventsTable>
export type TokenRow = Selectable<TokensTable>
export type UserRow = Selectable<UsersTable>
export type JobRow = Selectable<JobsTable>
export type NewFile = Insertable<FilesTable>
