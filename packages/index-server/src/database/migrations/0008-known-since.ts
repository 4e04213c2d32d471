/** Since when each advisory is known, the forms it had before, and a way to what owners decided: for pages of the past. */
import { type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

type Engine = 'sqlite' | 'postgres'

export async function up(db: Kysely<unknown>, engine: Engine): Promise<void> {
  const isSqlite = engine === 'sqlite'
  const number = isSqlite ? sql`integer` : sql`bigint`
  const text = isSqlite ? sql`text` : sql`text collate "C"`
  await db.schema
    .alterTable('advisories')
    .addColumn('serial', number, (column) => column.notNull().defaultTo(0))
    .execute()
  // Nobody noted which import brought which, so what is here counts from the first one on.
  await sql`
    update advisories
    set serial = coalesce((select min(id) from events where type = 'advisories-imported'), 0)`.execute(
    db,
  )
  await db.schema
    .createTable('earlier_advisories')
    .addColumn('normalized_name', text, (column) => column.notNull())
    .addColumn('id', text, (column) => column.notNull())
    .addColumn('serial', number, (column) => column.notNull())
    .addColumn('replaced', number, (column) => column.notNull())
    .addColumn('advisory', text, (column) => column.notNull())
    .addPrimaryKeyConstraint('earlier_advisories_key', ['normalized_name', 'id', 'serial'])
    .modifyEnd(isSqlite ? sql`strict` : sql``)
    .execute()
  await sql`
    create index events_of_decided_origins on events (index_id, id)
    where type = 'origin-set' and actor <> 'first arrival'`.execute(db)
}
