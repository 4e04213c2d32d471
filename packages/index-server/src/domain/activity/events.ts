/** The one log: audit trail, journal and change feed; the id of an event is the serial. */
import { sql } from 'kysely'
import type { Database, Tx } from '../../database/database.ts'
import type { EventRow } from '../../database/schema.ts'
import type { Domain } from '../domain.ts'
import { defaultIndexId } from '../indexes/package-index.ts'
import type { Event, NewEvent } from './event.ts'
import { addToTotals, type Totals } from './totals.ts'

/**
 * Writes an event in the transaction of the change it speaks of, and returns its serial.
 *
 * It also keeps what follows from the event: the totals, and the project's `last_serial` and `size`. So nobody
 * else writes those, and a project is inserted with `last_serial` 0 and `size` 0.
 */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<number> {
  const { id: serial } = await tx
    .insertInto('events')
    .values({
      type: event.type,
      at: event.at.toISOString(),
      actor: event.actor,
      index_id: event.index ?? null,
      project_id: event.project?.id ?? null,
      project_name: event.project?.name ?? null,
      version: event.version ?? null,
      filename: event.filename ?? null,
      facts: JSON.stringify(event.facts),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const effect = effectOf(event)
  if (event.project) {
    await tx
      .updateTable('projects')
      .set({ last_serial: serial, size: sql`size + ${effect.bytes ?? 0}` })
      .where('id', '=', event.project.id)
      .execute()
  }
  await addToTotals(tx, event.index ?? defaultIndexId, effect)
  return serial
}

export interface EventQuery {
  /** Events after this serial; 0 for all. */
  since: number
  /** How many at most, 1 to 50,000. */
  limit: number
  projectId?: number
}

const MOST_EVENTS = 50_000

/** Reads the log in order. */
export async function readEvents({ db }: Domain, query: EventQuery): Promise<Event[]> {
  let select = db.selectFrom('events').selectAll().where('id', '>', query.since)
  if (query.projectId !== undefined) select = select.where('project_id', '=', query.projectId)
  const limit = Math.min(Math.max(1, query.limit), MOST_EVENTS)
  const rows = await select.orderBy('id').limit(limit).execute()
  return rows.map(toEvent)
}

/** The serial of the newest event; 0 in an empty index. */
export async function lastSerial({ db }: { db: Database | Tx }): Promise<number> {
  const row = await db
    .selectFrom('events')
    .select((select) => select.fn.max<number | null>('id').as('id'))
    .executeTakeFirstOrThrow()
  return row.id ?? 0
}

function toEvent(row: EventRow): Event {
  return {
    serial: row.id,
    type: row.type,
    at: new Date(row.at),
    actor: row.actor,
    ...(row.index_id !== null && { index: row.index_id }),
    ...(row.project_id !== null && { project: { id: row.project_id, name: row.project_name } }),
    ...(row.version !== null && { version: row.version }),
    ...(row.filename !== null && { filename: row.filename }),
    facts: JSON.parse(row.facts),
  } as Event
}

function effectOf(event: NewEvent): Partial<Totals> {
  switch (event.type) {
    case 'project-created':
      return { projects: 1 }
    case 'project-deleted': {
      const { releases, files, bytes } = event.facts
      return { projects: -1, releases: -releases, files: -files, bytes: -bytes }
    }
    case 'release-created':
      return { releases: 1 }
    case 'release-deleted':
      return { releases: -1, files: -event.facts.files, bytes: -event.facts.bytes }
    case 'file-published':
      return { files: 1, bytes: event.facts.size }
    case 'file-deleted':
      return { files: -1, bytes: -event.facts.size }
    default:
      return {}
  }
}
