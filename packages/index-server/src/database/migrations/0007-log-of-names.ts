/** Finds the events that are not of releases and files: anybody may ask which projects there were at any moment. */
import { type Kysely, sql } from 'kysely'

// A migration says for ever what it did, so it imports nothing of ours.

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('events_without_version_by_type')
    .on('events')
    .columns(['type', 'id'])
    .where(sql.ref('version'), 'is', null)
    .execute()
}
