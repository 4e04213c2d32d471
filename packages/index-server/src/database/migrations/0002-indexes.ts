/** Many indexes: what there was belongs to the default index, whose id is 1 and whose path is empty. */
import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

type Engine = 'sqlite' | 'postgres'

export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const types = engine === 'sqlite' ? sqlite : postgres
  await createIndexes(db, types)
  await createSources(db, types)
  await createOrigins(db, types)
  if (engine === 'sqlite') await rebuildOnSqlite(db)
  else await alterOnPostgres(db)
  await sql`alter table events add column index_id ${types.number}`.execute(db)
  await replaceIndexes(db)
  await claimWhatIsHosted(db)
}

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
const partOf = (table: string) => (column: ColumnDefinitionBuilder) =>
  column.notNull().references(`${table}.id`).onDelete('cascade')

async function createIndexes(db: Kysely<unknown>, { number, text, id, options }: Types) {
  await db.schema
    .createTable('indexes')
    .addColumn('id', number, id)
    .addColumn('path', text, (column) => column.notNull().unique())
    .addColumn('readers', text, required)
    .addColumn('uploaders', text, required)
    .addColumn('revision', number, required)
    .addColumn('created_at', text, required)
    .modifyEnd(options)
    .execute()
  const now = new Date().toISOString()
  await sql`
    insert into indexes (path, readers, uploaders, revision, created_at)
    values ('', 'everyone', 'everyone', 0, ${now})`.execute(db)
  await db.schema
    .createTable('index_members')
    .addColumn('index_id', number, partOf('indexes'))
    .addColumn('user_id', number, partOf('users'))
    .addColumn('role', text, required)
    .addColumn('created_at', text, required)
    .addPrimaryKeyConstraint('index_members_key', ['index_id', 'user_id'])
    .modifyEnd(options)
    .execute()
  await sql`create index index_members_by_user_id on index_members (user_id)`.execute(db)
}

async function createSources(db: Kysely<unknown>, { number, text, id, options }: Types) {
  await db.schema
    .createTable('upstreams')
    .addColumn('id', number, id)
    .addColumn('name', text, (column) => column.notNull().unique())
    .addColumn('url', text, required)
    .addColumn('created_at', text, required)
    .modifyEnd(options)
    .execute()
  await db.schema
    .createTable('index_sources')
    .addColumn('index_id', number, partOf('indexes'))
    .addColumn('position', number, required)
    .addColumn('kind', text, required)
    // An index or an upstream that others read is not deleted under them.
    .addColumn('source_index_id', number, (column) => column.references('indexes.id'))
    .addColumn('upstream_id', number, (column) => column.references('upstreams.id'))
    .addPrimaryKeyConstraint('index_sources_key', ['index_id', 'position'])
    .modifyEnd(options)
    .execute()
  await sql`insert into index_sources (index_id, position, kind) values (1, 0, 'hosted')`.execute(
    db,
  )
}

async function createOrigins(db: Kysely<unknown>, { number, text, options }: Types) {
  await db.schema
    .createTable('name_origins')
    .addColumn('index_id', number, partOf('indexes'))
    .addColumn('normalized_name', text, required)
    .addColumn('origin', text, required)
    .addColumn('set_at', text, required)
    .addColumn('set_by', text)
    .addPrimaryKeyConstraint('name_origins_key', ['index_id', 'normalized_name'])
    .modifyEnd(options)
    .execute()
  await db.schema
    .createTable('name_claims')
    .addColumn('index_id', number, partOf('indexes'))
    .addColumn('pattern', text, required)
    .addColumn('claimed_at', text, required)
    .addColumn('claimed_by', text, required)
    .addPrimaryKeyConstraint('name_claims_key', ['index_id', 'pattern'])
    .modifyEnd(options)
    .execute()
}

async function alterOnPostgres(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'alter table projects add column index_id bigint not null default 1 references indexes (id) on delete cascade',
    'alter table projects drop constraint projects_normalized_name_key',
    'alter table projects add constraint projects_by_name unique (index_id, normalized_name)',
    'alter table files add column index_id bigint not null default 1 references indexes (id) on delete cascade',
    'alter table files drop constraint files_filename_key',
    'alter table files add constraint files_by_filename unique (index_id, filename)',
    'alter table retired_filenames add column index_id bigint not null default 1 references indexes (id) on delete cascade',
    'alter table retired_filenames add column project_id bigint',
    'alter table retired_filenames add column normalized_name text collate "C"',
    'alter table retired_filenames add column version text collate "C"',
    'alter table retired_filenames add column file text collate "C"',
    'alter table retired_filenames drop constraint retired_filenames_pkey',
    'alter table retired_filenames add constraint retired_filenames_key primary key (index_id, filename)',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/**
 * SQLite cannot drop a constraint, so tables are copied. Dropping one deletes its rows first and all that refer to
 * them, so those are copied too, and dropped before; renaming a copy leads the other copies' references along.
 */
async function rebuildOnSqlite(db: Kysely<unknown>): Promise<void> {
  const rebuilt = ['projects', 'grants', 'releases', 'files', 'file_metadata', 'retired_filenames']
  const indexes = await sql<{ sql: string }>`
    select sql from sqlite_schema where type = 'index' and sql is not null
      and tbl_name in ('projects', 'grants', 'releases', 'files', 'file_metadata', 'retired_filenames')`.execute(
    db,
  )
  for (const table of rebuilt) await copy(db, table)
  for (const table of rebuilt.toReversed()) await sql`drop table ${sql.id(table)}`.execute(db)
  for (const table of rebuilt) {
    await sql`alter table ${sql.id(`new_${table}`)} rename to ${sql.id(table)}`.execute(db)
  }
  for (const index of indexes.rows) await sql.raw(index.sql).execute(db)
}

const copies: Readonly<Record<string, string>> = {
  projects: `
    create table new_projects (
      id integer primary key autoincrement,
      name text not null,
      normalized_name text not null,
      look_alike_key text not null,
      status text not null,
      status_reason text,
      last_serial integer not null,
      size integer not null,
      created_at text not null,
      index_id integer not null default 1 references indexes (id) on delete cascade,
      constraint projects_by_name unique (index_id, normalized_name)
    ) strict`,
  grants: `
    create table new_grants (
      user_id integer not null references users (id) on delete cascade,
      project_id integer not null references new_projects (id) on delete cascade,
      role text not null,
      created_at text not null,
      constraint grants_key primary key (project_id, user_id)
    ) strict`,
  releases: `
    create table new_releases (
      id integer primary key autoincrement,
      project_id integer not null references new_projects (id) on delete cascade,
      version text not null,
      canonical_version text not null,
      version_sort_key text not null,
      is_prerelease integer not null,
      created_at text not null,
      constraint releases_by_version unique (project_id, canonical_version)
    ) strict`,
  files: `
    create table new_files (
      id integer primary key autoincrement,
      project_id integer not null references new_projects (id) on delete cascade,
      release_id integer not null references new_releases (id) on delete cascade,
      filename text not null,
      kind text not null,
      python_tag text not null,
      size integer not null,
      sha256 text not null,
      blake2b_256 text not null,
      md5 text not null,
      requires_python text,
      metadata_sha256 text,
      yanked integer not null,
      yanked_reason text,
      uploaded_at text not null,
      uploaded_by integer,
      uploaded_via text,
      index_id integer not null default 1 references indexes (id) on delete cascade,
      constraint files_by_filename unique (index_id, filename)
    ) strict`,
  file_metadata: `
    create table new_file_metadata (
      file_id integer primary key references new_files (id) on delete cascade,
      sha256 text not null,
      core_metadata text not null
    ) strict`,
  retired_filenames: `
    create table new_retired_filenames (
      filename text not null,
      retired_at text not null,
      index_id integer not null default 1 references indexes (id) on delete cascade,
      project_id integer,
      normalized_name text,
      version text,
      file text,
      constraint retired_filenames_key primary key (index_id, filename)
    ) strict`,
}

async function copy(db: Kysely<unknown>, table: string): Promise<void> {
  const created = `new_${table}`
  await sql.raw(copies[table]!).execute(db)
  const { rows } = await sql<{ name: string }>`
    select name from pragma_table_info(${table})`.execute(db)
  const columns = sql.join(rows.map(({ name }) => sql.id(name)))
  await sql`
    insert into ${sql.id(created)} (${columns}) select ${columns} from ${sql.id(table)}`.execute(db)
  // The id of a deleted row is never used again, also not that of the last.
  await sql`delete from sqlite_sequence where name = ${created}`.execute(db)
  await sql`
    insert into sqlite_sequence (name, seq)
    select ${created}, seq from sqlite_sequence where name = ${table}`.execute(db)
}

/** What is asked for is always of one index; the columns of a project stay what they were. */
async function replaceIndexes(db: Kysely<unknown>): Promise<void> {
  const statements = [
    'drop index projects_by_look_alike_key',
    'create index projects_by_look_alike_key on projects (look_alike_key, index_id)',
    'drop index projects_by_last_serial',
    'create index projects_by_last_serial on projects (index_id, last_serial)',
    'create index retired_filenames_by_name on retired_filenames (index_id, normalized_name)',
    'create index events_by_at on events (at)',
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

/** Every name that ever was a project here stays ours, whatever an upstream that is added later has under it. */
async function claimWhatIsHosted(db: Kysely<unknown>): Promise<void> {
  const now = new Date().toISOString()
  await sql`
    insert into name_origins (index_id, normalized_name, origin, set_at)
    select 1, normalized_name, 'hosted', created_at from projects`.execute(db)
  const { rows } = await sql<{ name: string }>`
    select distinct project_name as name from events where type = 'project-deleted'`.execute(db)
  for (const { name } of rows) {
    const normalized = name.replaceAll(/[-_.]+/g, '-').toLowerCase()
    await sql`
      insert into name_origins (index_id, normalized_name, origin, set_at)
      values (1, ${normalized}, 'hosted', ${now}) on conflict do nothing`.execute(db)
  }
}
