/** A row of any table with every one of its columns: a column added to the schema is a type error here, not a hole in the data. */
import type { Schema } from 'cheeseshop/src/database/schema.ts'
import type { InsertType } from 'kysely'

export type Row<Table extends keyof Schema> = {
  [Column in keyof Schema[Table]]: Exclude<InsertType<Schema[Table][Column]>, undefined>
}

/** What was kept of upstreams is not seeded: those tables hold bytes. */
type Seeded = Exclude<keyof Schema, 'upstream_projects'>

export type SeedRow = {
  [Table in Seeded]: { table: Table; values: Row<Table> }
}[Seeded]
