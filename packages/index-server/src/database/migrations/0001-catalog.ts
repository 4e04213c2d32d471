/** Accounts, projects with releases and files, the log of events, and jobs. */
import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

type Engine = 'sqlite' | 'postgres'

export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const types = engine === 'sqlite' ? sqlite : postgres
  await createAccounts(db, types)
  await createProjects(db, types)
  await createFiles(db, types)
  await createActivity(db, types)
  await createJobs(db, types)
}

/** Text is compared byte by byte on both; numbers are 64 bits; the id of a deleted row is never used again. */
const sqlite = {
  number: sql`integer`,
  text: sql`text`,
  id: (column: ColumnDefinitionBuilder) => column.primaryKey().autoIncrement(),
  options: sql`strict`,
}

const postgres: typeof sqlite = {
  number: sql`bigint`,
  text: sql`text collate "C"`,
  id: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  options: sql``,
}

type Types = typeof sqlite
const required = (column: ColumnDefinitionBuilder) => column.notNull()
const key = (column: ColumnDefinitionBuilder) => column.primaryKey().notNull()
const partOf = (table: string) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(`${table}.id`).onDelete('cascade')

async function createAccounts(db: Kysely<unknown>, { number, text, id, options }: Types) {
  await db.schema
    .createTable('users')
    .addColumn('id', number, id)
    .addColumn('username', text, required)
    .addColumn('normalized_username', text, (column) => column.notNull().unique())
    .addColumn('display_name', text, required)
    .addColumn('email', text)
    .addColumn('is_administrator', number, required)
    .addColumn('created_at', text, required)
    .modifyEnd(options)
    .execute()
  await db.schema
    .createTable('tokens')
    .addColumn('id', number, id)
    .addColumn('user_id', number, partOf('users'))
    .addColumn('name', text, required)
    .addColumn('secret_sha256', text, (column) => column.notNull().unique())
    .addColumn('scopes', text, required)
    .addColumn('projects', text)
    .addColumn('created_at', text, required)
    .addColumn('expires_at', text)
    .addColumn('last_used_at', text)
    .modifyEnd(options)
    .execute()
  await index(db, 'tokens', ['user_id'])
}

async function createProjects(db: Kysely<unknown>, { number, text, id, options }: Types) {
  await db.schema
    .createTable('projects')
    .addColumn('id', number, id)
    .addColumn('name', text, required)
    .addColumn('normalized_name', text, (column) => column.notNull().unique())
    .addColumn('look_alike_key', text, required)
    .addColumn('status', text, required)
    .addColumn('status_reason', text)
    .addColumn('last_serial', number, required)
    .addColumn('size', number, required)
    .addColumn('created_at', text, required)
    .modifyEnd(options)
    .execute()
  await index(db, 'projects', ['look_alike_key'])
  await index(db, 'projects', ['last_serial'])
  await db.schema
    .createTable('grants')
    .addColumn('user_id', number, partOf('users'))
    .addColumn('project_id', number, partOf('projects'))
    .addColumn('role', text, required)
    .addColumn('created_at', text, required)
    .addPrimaryKeyConstraint('grants_key', ['project_id', 'user_id'])
    .modifyEnd(options)
    .execute()
  await index(db, 'grants', ['user_id'])
  await db.schema
    .createTable('releases')
    .addColumn('id', number, id)
    .addColumn('project_id', number, partOf('projects'))
    .addColumn('version', text, required)
    .addColumn('canonical_version', text, required)
    .addColumn('version_sort_key', text, required)
    .addColumn('is_prerelease', number, required)
    .addColumn('created_at', text, required)
    .addUniqueConstraint('releases_by_version', ['project_id', 'canonical_version'])
    .modifyEnd(options)
    .execute()
}

async function createFiles(db: Kysely<unknown>, { number, text, id, options }: Types) {
  await db.schema
    .createTable('files')
    .addColumn('id', number, id)
    .addColumn('project_id', number, partOf('projects'))
    .addColumn('release_id', number, partOf('releases'))
    .addColumn('filename', text, (column) => column.notNull().unique())
    .addColumn('kind', text, required)
    .addColumn('python_tag', text, required)
    .addColumn('size', number, required)
    .addColumn('sha256', text, required)
    .addColumn('blake2b_256', text, required)
    .addColumn('md5', text, required)
    .addColumn('requires_python', text)
    .addColumn('metadata_sha256', text)
    .addColumn('yanked', number, required)
    .addColumn('yanked_reason', text)
    .addColumn('uploaded_at', text, required)
    // No reference: who uploaded a file stays known when the account goes.
    .addColumn('uploaded_by', number)
    .addColumn('uploaded_via', text)
    .modifyEnd(options)
    .execute()
  await index(db, 'files', ['project_id'])
  await index(db, 'files', ['release_id'])
  await index(db, 'files', ['sha256'])
  await index(db, 'files', ['metadata_sha256'])
  await db.schema
    .createTable('file_metadata')
    .addColumn('file_id', number, (column) =>
      column.primaryKey().references('files.id').onDelete('cascade'),
    )
    .addColumn('sha256', text, required)
    .addColumn('core_metadata', text, required)
    .modifyEnd(options)
    .execute()
  await index(db, 'file_metadata', ['sha256'])
  await db.schema
    .createTable('retired_filenames')
    .addColumn('filename', text, key)
    .addColumn('retired_at', text, required)
    .modifyEnd(options)
    .execute()
}

async function createActivity(db: Kysely<unknown>, { number, text, id, options }: Types) {
  await db.schema
    .createTable('events')
    .addColumn('id', number, id)
    .addColumn('type', text, required)
    .addColumn('at', text, required)
    .addColumn('actor', text, required)
    // No reference: the log outlives what it speaks of.
    .addColumn('project_id', number)
    .addColumn('project_name', text)
    .addColumn('version', text)
    .addColumn('filename', text)
    .addColumn('facts', text, required)
    .modifyEnd(options)
    .execute()
  await index(db, 'events', ['project_id', 'id'])
  await db.schema
    .createTable('totals')
    .addColumn('id', number, key)
    .addColumn('projects', number, required)
    .addColumn('releases', number, required)
    .addColumn('files', number, required)
    .addColumn('bytes', number, required)
    .addColumn('users', number, required)
    .modifyEnd(options)
    .execute()
  await sql`insert into totals values (1, 0, 0, 0, 0, 0)`.execute(db)
}

async function createJobs(db: Kysely<unknown>, { number, text, id, options }: Types) {
  await db.schema
    .createTable('jobs')
    .addColumn('id', number, id)
    .addColumn('type', text, required)
    .addColumn('payload', text, required)
    .addColumn('unique_key', text)
    .addColumn('run_at', text, required)
    .addColumn('attempts', number, required)
    .addColumn('leased_until', text)
    .addColumn('last_error', text)
    .addColumn('failed_at', text)
    .addColumn('created_at', text, required)
    .modifyEnd(options)
    .execute()
  await index(db, 'jobs', ['run_at'])
  await index(db, 'jobs', ['unique_key'])
}

async function index(db: Kysely<unknown>, table: string, columns: string[]) {
  await db.schema
    .createIndex(`${table}_by_${columns.join('_and_')}`)
    .on(table)
    .columns(columns)
    .execute()
}
