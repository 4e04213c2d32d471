/** Tells for a few microseconds whether anything may have changed, so that hot pages need no query of their own. */
import type { Database } from './database.ts'

/**
 * A number that differs from the last one whenever a change was committed in between, by this process or another.
 * Compare for equality only: it means nothing else, and on SQLite it starts anew with each process.
 */
export function changeMark(db: Database): number | Promise<number> {
  return db.engine.file?.changeMark() ?? greatestEventId(db)
}

async function greatestEventId(db: Database): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select((select) => select.fn.max<number | null>('id').as('id'))
    .executeTakeFirstOrThrow()
  return row.id ?? 0
}
