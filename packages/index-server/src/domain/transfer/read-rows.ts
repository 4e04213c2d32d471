/** Reads a table whole, in pages by its key. */
import { type Kysely, sql } from 'kysely'
import type { Schema } from '../../database/schema.ts'
import type { BackedUpTable } from './tables.ts'

export type Row = Readonly<Record<string, unknown>>

const pageSize = 1000

/** In the order of the key. */
export async function* readRows(
  db: Kysely<Schema>,
  { name, key }: BackedUpTable,
): AsyncGenerator<Row> {
  const order = sql.join(key.map((column) => sql.ref(column)))
  let after: Row | undefined
  for (;;) {
    const last = after
    // Both databases compare rows of values: (a, b) > (x, y).
    const where = last
      ? sql`where (${order}) > (${sql.join(key.map((column) => sql.val(last[column])))})`
      : sql``
    const { rows } = await sql<Row>`
      select * from ${sql.table(name)} ${where} order by ${order} limit ${sql.lit(pageSize)}`.execute(
      db,
    )
    yield* rows
    if (rows.length < pageSize) return
    after = rows.at(-1)
  }
}
