/** What happened, how much there is, and what is to be done. */
import type { Generated } from 'kysely'

export interface ActivityTables {
  events: EventsTable
  totals: TotalsTable
  jobs: JobsTable
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

/** One row for each index that ever had something: how many, kept with each change so that counting never scans. */
interface TotalsTable {
  index_id: number
  projects: number
  releases: number
  files: number
  bytes: number
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
