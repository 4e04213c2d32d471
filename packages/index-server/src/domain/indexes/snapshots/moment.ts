/** A moment in the life of an index, as it is written in a URL: a date, a time or a serial. */
import type { Domain } from '../../domain.ts'

export interface Moment {
  /** The newest event that had happened. */
  readonly serial: number
  readonly time: Date
  /** Whether it was asked for as a time: then what was imported counts from the day it was published elsewhere. */
  readonly isOfTime: boolean
  /** Nothing that happens from now on can belong to it. */
  readonly isPast: boolean
}

/**
 * `2026-11-01` is the first instant of that day in UTC, `2026-11-01T12:30:00Z` a time, `4711` a serial.
 * Undefined for what is none of them.
 */
export async function readMoment(domain: Domain, text: string): Promise<Moment | undefined> {
  const now = domain.clock()
  if (/^\d{1,15}$/.test(text)) return momentOfSerial(domain, Number(text), now)
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?Z)?$/.test(text)
  const said = new Date(isTime ? text : Number.NaN)
  if (Number.isNaN(said.getTime()) || !said.toISOString().startsWith(text.slice(0, 10))) return
  // Nobody waits out a minimum age, or an exemption, by writing a date to come.
  const time = said < now ? said : now
  const row = await domain.db
    .selectFrom('events')
    .select('id')
    .where('at', '<=', time.toISOString())
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return { serial: row?.id ?? 0, time, isOfTime: true, isPast: time < now }
}

async function momentOfSerial({ db }: Domain, serial: number, now: Date): Promise<Moment> {
  const next = await db
    .selectFrom('events')
    .select('id')
    .where('id', '>', serial)
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  const last = await db
    .selectFrom('events')
    .select('at')
    .where('id', '<=', serial)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  const time = last === undefined ? new Date(0) : new Date(last.at)
  const isPast = next !== undefined
  return { serial, time: isPast ? time : now, isOfTime: false, isPast }
}
