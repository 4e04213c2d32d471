/** The `.tar.zst` twins of wheels. */
import { type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

export async function up(db: Kysely<unknown>, engine: 'sqlite' | 'postgres'): Promise<void> {
  const isSqlite = engine === 'sqlite'
  const number = isSqlite ? sql`integer` : sql`bigint`
  const text = isSqlite ? sql`text` : sql`text collate "C"`
  await db.schema
    .createTable('wheel_twins')
    .addColumn('id', number, (column) =>
      isSqlite
        ? column.primaryKey().autoIncrement()
        : column.primaryKey().generatedByDefaultAsIdentity(),
    )
    .addColumn('file_id', number, (column) =>
      column.notNull().unique().references('files.id').onDelete('cascade'),
    )
    .addColumn('project', text, (column) => column.notNull())
    .addColumn('sha256', text, (column) => column.notNull())
    .addColumn('size', number, (column) => column.notNull())
    .addColumn('made_at', text, (column) => column.notNull())
    .modifyEnd(isSqlite ? sql`strict` : sql``)
    .execute()
  await db.schema
    .createIndex('wheel_twins_by_project')
    .on('wheel_twins')
    .columns(['project', 'id'])
    .execute()
  await db.schema
    .createIndex('wheel_twins_by_sha256')
    .on('wheel_twins')
    .columns(['sha256'])
    .execute()
}
