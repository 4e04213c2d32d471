/** Tells for a few microseconds whether anything may have changed, so that hot pages need no query of their own. */
import type { Database } from './database.ts'

/**
 * A number that differs from the last one whenever a change was committed in between, by this process or another.
 * Compare for equality only: it means nothing else, and on SQLite it starts anew with each process.
 */
export function changeMark(db: Database): number | Promise<number> {
  return db.engine.file?.changeMark() ?? countChanges(db)
}

/** Both numbers only grow, each in the transaction of its change, so their sum moves with either. */
async function countChanges(db: Database): Promise<number> {
  const row = await db
    .selectFrom('upstream_changes')
    .select((select) => [
      'revision',
      select
        .selectFrom('events')
        .select((inner) => inner.fn.max<number | null>('id').as('id'))
        .as('id'),
    ])
    .executeTakeFirstOrThrow()
  return row.revision + (row.id ?? 0)
}
