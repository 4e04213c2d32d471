/** Fills a new PostgreSQL database: one COPY per table at the same time, indexes and keys made afterwards. */
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import { openDatabase } from 'cheeseshop/src/database/database.ts'
import { migrate } from 'cheeseshop/src/database/migrate.ts'
import pg from 'pg'
import { type CopyStreamQuery, from as copyFrom } from 'pg-copy-streams'
import { recreateDatabase } from '../prepare/postgres.ts'
import type { SeedRow } from './seed-row.ts'

const CHUNK = 256 * 1024

/** Replaces the database that the URL names; its role must be a superuser, who alone may load rows before their keys. */
export async function fillPostgres(url: string, rows: Iterable<SeedRow>): Promise<number> {
  await recreateDatabase(url)
  const empty = await openDatabase({ url })
  await migrate(empty)
  await empty.close()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const restore = await takeIndexes(client)
    await client.query('truncate totals')
    const count = await copyRows(url, rows)
    for (const sql of restore) await client.query(sql)
    await advanceIds(client)
    await client.query('vacuum analyze')
    return count
  } finally {
    await client.end()
  }
}

async function copyRows(url: string, rows: Iterable<SeedRow>): Promise<number> {
  const copies = new Map<string, TableCopy>()
  let count = 0
  for (const { table, values } of rows) {
    let copy = copies.get(table)
    if (!copy) {
      copy = await TableCopy.open(url, table, Object.keys(values))
      copies.set(table, copy)
    }
    const full = copy.add(Object.values(values))
    if (full) await full
    count++
  }
  for (const copy of copies.values()) await copy.close()
  return count
}

class TableCopy {
  readonly #client: pg.Client
  readonly #stream: CopyStreamQuery
  #text = ''

  private constructor(client: pg.Client, stream: CopyStreamQuery) {
    this.#client = client
    this.#stream = stream
  }

  static async open(url: string, table: string, columns: string[]): Promise<TableCopy> {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query('set session_replication_role = replica')
    const stream = client.query(copyFrom(`copy ${table} (${columns.join(', ')}) from stdin`))
    return new TableCopy(client, stream)
  }

  /** A promise only when the database should be waited for: waiting for each of millions of rows is slow. */
  add(values: readonly (string | number | null)[]): Promise<unknown> | undefined {
    this.#text += `${values.map(copyText).join('\t')}\n`
    if (this.#text.length < CHUNK) return undefined
    const more = this.#stream.write(this.#text)
    this.#text = ''
    return more ? undefined : once(this.#stream, 'drain')
  }

  async close(): Promise<void> {
    this.#stream.end(this.#text)
    await finished(this.#stream)
    await this.#client.end()
  }
}

function copyText(value: string | number | null): string {
  if (value === null) return '\\N'
  return typeof value === 'number' ? String(value) : value.replace(/[\\\t\n\r]/g, escaped)
}

function escaped(character: string): string {
  return { '\\': '\\\\', '\t': '\\t', '\n': '\\n' }[character] ?? '\\r'
}

/** Drops every index and constraint but the primary keys, and tells how to make them again, references last. */
async function takeIndexes(client: pg.Client): Promise<string[]> {
  const constraints = await client.query(`
    select conrelid::regclass::text as "table", conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint where connamespace = current_schema()::regnamespace and contype in ('u', 'f')
    order by contype desc`)
  for (const { table, name } of constraints.rows.toReversed()) {
    await client.query(`alter table ${table} drop constraint ${name}`)
  }
  const indexes = await client.query(`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indexrelid
    where relnamespace = current_schema()::regnamespace and not indisprimary`)
  for (const { name } of indexes.rows) await client.query(`drop index ${name}`)
  return [
    "set maintenance_work_mem = '512MB'",
    ...indexes.rows.map(({ definition }) => definition),
    ...constraints.rows.map(
      ({ table, name, definition }) => `alter table ${table} add constraint ${name} ${definition}`,
    ),
  ]
}

/** The rows brought their ids; the next one must come after them. */
async function advanceIds(client: pg.Client): Promise<void> {
  const identities = await client.query(`
    select table_name, column_name from information_schema.columns
    where table_schema = current_schema() and is_identity = 'YES'`)
  for (const { table_name: table, column_name: column } of identities.rows) {
    await client.query(
      `select setval(pg_get_serial_sequence('${table}', '${column}'), coalesce(max(${column}), 0) + 1, false) from ${table}`,
    )
  }
}
