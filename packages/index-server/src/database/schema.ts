/** Every table as a type; the same columns on SQLite and PostgreSQL. Times are ISO 8601 UTC text, booleans are 0 or 1, JSON is text. */
import type { Insertable, Selectable } from 'kysely'
import type { AccountTables, TokensTable, UsersTable } from './tables/accounts.ts'
import type { ActivityTables, EventsTable, JobsTable } from './tables/activity.ts'
import type { CatalogTables, FilesTable, ProjectsTable, ReleasesTable } from './tables/catalog.ts'
import type { IndexesTable, IndexTables } from './tables/indexes.ts'
import type { UpstreamTables } from './tables/upstreams.ts'

export interface Schema
  extends CatalogTables,
    IndexTables,
    UpstreamTables,
    AccountTables,
    ActivityTables {}

export type IndexRow = Selectable<IndexesTable>
export type ProjectRow = Selectable<ProjectsTable>
export type ReleaseRow = Selectable<ReleasesTable>
export type FileRow = Selectable<FilesTable>
export type EventRow = Selectable<EventsTable>
export type TokenRow = Selectable<TokensTable>
export type UserRow = Selectable<UsersTable>
export type JobRow = Selectable<JobsTable>
export type NewFile = Insertable<FilesTable>

export type { FileKind, ProjectStatus } from './tables/catalog.ts'
export type { IndexRole, NameOrigin } from './tables/indexes.ts'
