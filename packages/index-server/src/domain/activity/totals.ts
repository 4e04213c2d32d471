/** How many projects, releases, files, bytes and users there are; counted as they come and go, never by a scan. */
import { sql } from 'kysely'
import type { Tx } from '../../database/database.ts'
import type { Domain } from '../domain.ts'

export interface Totals {
  projects: number
  releases: number
  files: number
  bytes: number
  users: number
}

export async function readTotals({ db }: Domain): Promise<Totals> {
  return db
    .selectFrom('totals')
    .select(['projects', 'releases', 'files', 'bytes', 'users'])
    .executeTakeFirstOrThrow()
}

/** Called by `recordEvent` alone: every change of a total is an event. */
export async function addToTotals(tx: Tx, change: Partial<Totals>): Promise<void> {
  const names = Object.keys(change) as (keyof Totals)[]
  if (names.length === 0) return
  const values = names.map((name) => [name, sql<number>`${sql.ref(name)} + ${change[name]}`])
  await tx.updateTable('totals').set(Object.fromEntries(values)).execute()
}
