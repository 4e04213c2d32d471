/** Brings the tables of a database up to date; safe when two processes start at once. */
import { type Kysely, sql } from 'kysely'
import { Migrator } from 'kysely/migration'
import type { Database } from './database.ts'
import * as catalog from './migrations/0001-catalog.ts'
import * as indexes from './migrations/0002-indexes.ts'
import * as upstream from './migrations/0003-upstream.ts'
import * as policy from './migrations/0005-policy.ts'
import * as wheelTwins from './migrations/0006-wheel-twins.ts'
import * as logOfNames from './migrations/0007-log-of-names.ts'
import * as knownSince from './migrations/0008-known-since.ts'
import * as totalsOfEachIndex from './migrations/0009-totals-of-each-index.ts'

type Engine = Database['engine']['name']

/** Each runs once, in the order of the names; one that was released is never edited. */
const migrations: Record<string, { up(db: Kysely<unknown>, engine: Engine): Promise<void> }> = {
  '0001-catalog': catalog,
  '0002-indexes': indexes,
  '0003-upstream': upstream,
  '0005-policy': policy,
  '0006-wheel-twins': wheelTwins,
  '0007-log-of-names': logOfNames,
  '0008-known-since': knownSince,
  '0009-totals-of-each-index': totalsOfEachIndex,
}

/** Returns the names of the migrations it applied; all of them happen or none. */
export async function migrate(db: Database): Promise<string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => forEngine(db.engine.name) },
    migrationTableSchema: await currentSchema(db),
  })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error) throw explain(error)
  return results.map((result) => result.migrationName)
}

function forEngine(engine: Engine) {
  return Object.fromEntries(
    Object.entries(migrations).map(([name, migration]) => [
      name,
      { up: (db: Kysely<unknown>) => migration.up(db, engine) },
    ]),
  )
}

/** Without it Kysely would take the migration table of another schema for ours. */
async function currentSchema(db: Database): Promise<string | undefined> {
  if (db.engine.name === 'sqlite') return undefined
  const { rows } = await sql<{ name: string | null }>`select current_schema() as name`.execute(db)
  if (!rows[0]?.name) {
    throw new Error(
      'The PostgreSQL search_path names no schema that exists. Create the schema, or correct search_path.',
    )
  }
  return rows[0].name
}

function explain(error: unknown): unknown {
  const unknownMigration = /previously executed migration (\S+) is missing/.exec(
    error instanceof Error ? error.message : '',
  )
  if (!unknownMigration) return error
  return new Error(
    `The database was made by a newer version: it has the migration "${unknownMigration[1]}", unknown here. Run that version.`,
    { cause: error },
  )
}
