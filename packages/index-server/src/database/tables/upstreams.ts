/** What is kept of other servers' indexes. */
import type { Generated } from 'kysely'

export interface UpstreamTables {
  upstreams: UpstreamsTable
  upstream_projects: UpstreamProjectsTable
  upstream_changes: UpstreamChangesTable
  upstream_files: UpstreamFilesTable
  upstream_leases: UpstreamLeasesTable
}

/** Other servers' indexes; a URL never holds credentials. */
interface UpstreamsTable {
  id: Generated<number>
  name: string
  url: string
  created_at: string
}

/** What an upstream said of a project, the last time it said anything. */
interface UpstreamProjectsTable {
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
interface UpstreamChangesTable {
  id: 1
  revision: number
}

/** Files of upstreams whose bytes or metadata are here. They may be evicted at any time; uploads are in `files`. */
interface UpstreamFilesTable {
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
interface UpstreamLeasesTable {
  upstream_id: number
  wanted: string
  leased_until: string
}
