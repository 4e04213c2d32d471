/** How many projects, releases, files and bytes each index hosts; counted as they come and go, never by a scan. */
import { sql } from 'kysely'
import type { Tx } from '../../database/database.ts'
import type { Domain } from '../domain.ts'

const counted = ['projects', 'releases', 'files', 'bytes'] as const

export type Totals = Record<(typeof counted)[number], number>

/** Of the indexes with these ids together, or of all. */
export async function readTotals({ db }: Domain, indexes?: ReadonlySet<number>): Promise<Totals> {
  const totals: Totals = { projects: 0, releases: 0, files: 0, bytes: 0 }
  for (const row of await db.selectFrom('totals').selectAll().execute()) {
    if (indexes?.has(row.index_id) === false) continue
    for (const name of counted) totals[name] += row[name]
  }
  return totals
}

/** Called by `recordEvent` alone: every change of a total is an event. */
export async function addToTotals(tx: Tx, index: number, change: Partial<Totals>): Promise<void> {
  const names = counted.filter((name) => change[name] !== undefined)
  if (names.length === 0) return
  const sums = names.map((name) => [name, sql`${sql.ref(`totals.${name}`)} + ${change[name]}`])
  await tx
    .insertInto('totals')
    .values({ index_id: index, projects: 0, releases: 0, files: 0, bytes: 0, ...change })
    .onConflict((known) => known.column('index_id').doUpdateSet(Object.fromEntries(sums)))
    .execute()
}
