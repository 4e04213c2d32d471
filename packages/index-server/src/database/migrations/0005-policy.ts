/** What each index leaves out, the exceptions somebody made, and the advisories the rules may ask. */
import { type ColumnDefinitionBuilder, type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

type Engine = 'sqlite' | 'postgres'

export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const { number, text, id, options } = engine === 'sqlite' ? sqlite : postgres
  await db.schema
    .createTable('policies')
    .addColumn('index_id', number, (column) =>
      column.notNull().references('indexes.id').onDelete('cascade'),
    )
    .addColumn('serial', number, required)
    .addColumn('rules', text, required)
    .addPrimaryKeyConstraint('policies_key', ['index_id', 'serial'])
    .modifyEnd(options)
    .execute()
  await db.schema
    .createTable('exemptions')
    .addColumn('id', number, id)
    .addColumn('index_id', number, (column) =>
      column.notNull().references('indexes.id').onDelete('cascade'),
    )
    .addColumn('target', text, required)
    .addColumn('rule', text)
    .addColumn('reason', text, required)
    .addColumn('created_by', text, required)
    .addColumn('created_at', text, required)
    .addColumn('expires_at', text, required)
    .modifyEnd(options)
    .execute()
  await db.schema.createIndex('exemptions_by_index').on('exemptions').column('index_id').execute()
  await db.schema
    .createTable('advisories')
    .addColumn('normalized_name', text, required)
    .addColumn('id', text, required)
    .addColumn('modified_at', text, required)
    .addColumn('advisory', text, required)
    .addPrimaryKeyConstraint('advisories_key', ['normalized_name', 'id'])
    .modifyEnd(options)
    .execute()
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

const required = (column: ColumnDefinitionBuilder) => column.notNull()
