/** What upstreams said of projects, the files that were fetched from them, and who is asking just now. */
import { type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

const sqlite = {
  number: sql`integer`,
  text: sql`text`,
  bytes: sql`blob`,
  options: sql`strict`,
}

const postgres: typeof sqlite = {
  number: sql`bigint`,
  text: sql`text collate "C"`,
  bytes: sql`bytea`,
  options: sql``,
}

export async function up(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  const types = engine === 'sqlite' ? sqlite : postgres
  await createProjects(db, types)
  await createFiles(db, types)
  await createLeases(db, types)
}

async function createProjects(
  db: Kysely<unknown>,
  { number, text, bytes, options }: typeof sqlite,
) {
  await db.schema
    .createTable('upstream_projects')
    .addColumn('upstream_id', number, (column) =>
      column.notNull().references('upstreams.id').onDelete('cascade'),
    )
    .addColumn('normalized_name', text, (column) => column.notNull())
    .addColumn('page', bytes, (column) => column.notNull())
    .addColumn('page_size', number, (column) => column.notNull())
    .addColumn('etag', text)
    .addColumn('last_modified', text)
    .addColumn('fetched_at', text, (column) => column.notNull())
    .addColumn('checked_at', text, (column) => column.notNull())
    .addColumn('fresh_until', text, (column) => column.notNull())
    .addColumn('revision', number, (column) => column.notNull())
    .addColumn('last_error', text)
    .addPrimaryKeyConstraint('upstream_projects_key', ['upstream_id', 'normalized_name'])
    .modifyEnd(options)
    .execute()
  await db.schema
    .createTable('upstream_changes')
    .addColumn('id', number, (column) => column.primaryKey().notNull())
    .addColumn('revision', number, (column) => column.notNull())
    .modifyEnd(options)
    .execute()
  await sql`insert into upstream_changes values (1, 0)`.execute(db)
}

async function createFiles(db: Kysely<unknown>, { number, text, options }: typeof sqlite) {
  await db.schema
    .createTable('upstream_files')
    .addColumn('upstream_id', number, (column) =>
      column.notNull().references('upstreams.id').onDelete('cascade'),
    )
    .addColumn('normalized_name', text, (column) => column.notNull())
    .addColumn('filename', text, (column) => column.notNull())
    .addColumn('sha256', text)
    .addColumn('size', number)
    .addColumn('metadata_sha256', text)
    .addColumn('metadata_size', number)
    .addColumn('last_modified', text)
    .addColumn('stored_at', text, (column) => column.notNull())
    .addColumn('last_used_at', text, (column) => column.notNull())
    .addColumn('pinned', number, (column) => column.notNull())
    .addPrimaryKeyConstraint('upstream_files_key', ['upstream_id', 'normalized_name', 'filename'])
    .modifyEnd(options)
    .execute()
  for (const column of ['sha256', 'metadata_sha256', 'last_used_at']) {
    await db.schema
      .createIndex(`upstream_files_by_${column}`)
      .on('upstream_files')
      .column(column)
      .execute()
  }
}

async function createLeases(db: Kysely<unknown>, { number, text, options }: typeof sqlite) {
  await db.schema
    .createTable('upstream_leases')
    .addColumn('upstream_id', number, (column) =>
      column.notNull().references('upstreams.id').onDelete('cascade'),
    )
    .addColumn('wanted', text, (column) => column.notNull())
    .addColumn('leased_until', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('upstream_leases_key', ['upstream_id', 'wanted'])
    .modifyEnd(options)
    .execute()
}
