/** What of the database goes into a backup, in an order in which every row finds those it refers to. */
import type { Schema } from '../../database/schema.ts'

export type Table = keyof Schema

/** `key`: the columns that order its rows and tell them apart. */
export interface BackedUpTable {
  readonly name: Table
  readonly key: readonly string[]
  /** Columns that name blobs. */
  readonly blobs?: readonly string[]
  /** Its ids are given by the database. */
  readonly hasId?: true
}

const withId = { key: ['id'], hasId: true } as const

export const backedUpTables: readonly BackedUpTable[] = [
  { name: 'users', ...withId },
  { name: 'tokens', ...withId },
  { name: 'upstreams', ...withId },
  { name: 'indexes', ...withId },
  { name: 'index_members', key: ['index_id', 'user_id'] },
  { name: 'index_sources', key: ['index_id', 'position'] },
  { name: 'name_origins', key: ['index_id', 'normalized_name'] },
  { name: 'name_claims', key: ['index_id', 'pattern'] },
  { name: 'policies', key: ['index_id', 'serial'] },
  { name: 'exemptions', ...withId },
  { name: 'projects', ...withId },
  { name: 'grants', key: ['project_id', 'user_id'] },
  { name: 'releases', ...withId },
  { name: 'files', ...withId, blobs: ['sha256', 'metadata_sha256'] },
  { name: 'file_metadata', key: ['file_id'], blobs: ['sha256'] },
  { name: 'wheel_twins', ...withId, blobs: ['sha256'] },
  { name: 'retired_filenames', key: ['index_id', 'filename'] },
  { name: 'advisories', key: ['normalized_name', 'id'] },
  { name: 'earlier_advisories', key: ['normalized_name', 'id', 'serial'] },
  { name: 'events', ...withId },
  { name: 'totals', key: ['index_id'] },
]

/** What can be had again: work to do, and what was read from upstreams. */
export const leftOutTables: readonly Table[] = [
  'jobs',
  'upstream_projects',
  'upstream_changes',
  'upstream_files',
  'upstream_leases',
]
