/** Counts each index on its own, for not everybody may know of all; and no longer users, whom nobody asks about. */
import { type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('totals').renameColumn('id', 'index_id').execute()
  await db.schema.alterTable('totals').dropColumn('users').execute()
  await sql`delete from totals`.execute(db)
  const count = (table: string) => sql`
    (select count(*) from ${sql.table(table)} counted where counted.index_id = indexes.id)`
  await sql`
    insert into totals (index_id, projects, releases, files, bytes)
    select
      indexes.id,
      ${count('projects')},
      (select count(*) from releases join projects on projects.id = releases.project_id
        where projects.index_id = indexes.id),
      ${count('files')},
      (select coalesce(sum(size), 0) from projects where projects.index_id = indexes.id)
    from indexes`.execute(db)
}
