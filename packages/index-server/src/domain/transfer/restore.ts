/** Fills an empty server from a backup: all of it, verified, or nothing. */
import { createReadStream } from 'node:fs'
import { InvalidArchive, readTarZst, type TarMember } from '@cheeseshop/archive'
import { sql } from 'kysely'
import { type Tx, transact } from '../../database/database.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import { type BackupHead, backupFormat, digestsOf } from './backup.ts'
import { readLines } from './read-lines.ts'
import type { Row } from './read-rows.ts'
import { type BackedUpTable, backedUpTables } from './tables.ts'

export interface Restored {
  readonly rows: number
  readonly blobs: number
}

const longestHead = 100_000
/** The largest have the metadata of a file, which is far smaller. */
const longestRow = 32 * 2 ** 20
const rowsAtOnce = 100
/** Rows are gathered up to here, so that a hundred of the longest are never held together. */
const charactersAtOnce = 8 * 2 ** 20

/** An archive of our own may be as large as it likes; how far it unpacks still has a limit. */
const limits = {
  entries: Number.MAX_SAFE_INTEGER,
  totalSize: Number.MAX_SAFE_INTEGER,
  entrySize: Number.MAX_SAFE_INTEGER,
  ratio: 1000,
}

/**
 * DomainError `conflict` for a server that is not empty, `invalid` for an archive that is broken or of another version.
 * When it is cut short the rows are not there, and the blobs are garbage for the sweep.
 */
export async function restore(domain: Domain, path: string): Promise<Restored> {
  await requireEmpty(domain)
  try {
    return await restoreMembers(domain, readTarZst(createReadStream(path), limits))
  } catch (error) {
    if (!(error instanceof InvalidArchive)) throw error
    throw new DomainError('invalid', `${path} is no whole backup: ${error.message}`)
  }
}

async function restoreMembers(
  domain: Domain,
  members: AsyncGenerator<TarMember, void, undefined>,
): Promise<Restored> {
  const first = await members.next()
  if (first.done) throw broken('it is empty')
  await requireFit(domain, first.value)
  const stored = new Set<string>()
  let next = await members.next()
  for (; !next.done && next.value.name.startsWith('blobs/'); next = await members.next()) {
    stored.add(await keepBlob(domain, next.value))
  }
  const rows = await transact(domain.db, async (tx) => {
    await clearFirstRows(tx)
    let count = 0
    for (const table of backedUpTables) {
      if (next.done || next.value.name !== `rows/${table.name}.jsonl`) {
        throw broken(`the rows of ${table.name} are missing`)
      }
      count += await insertRows(tx, table, { member: next.value, stored })
      if (table.hasId) await countOn(domain, tx, table)
      next = await members.next()
    }
    if (!next.done) throw broken(`${JSON.stringify(next.value.name)} does not belong in it`)
    return count
  })
  return { rows, blobs: stored.size }
}

/** What a first start may have made is not yet anybody's. */
async function requireEmpty({ db }: Domain): Promise<void> {
  const used = await sql<{ found: number }>`
    select 1 as found from events where type <> 'user-created' and type <> 'token-created'
    limit 1`.execute(db)
  if (used.rows.length === 0) return
  throw new DomainError(
    'conflict',
    'This server is in use: a backup is restored to an empty one. Name another folder with --data, or another database.',
  )
}

async function requireFit({ db }: Domain, member: TarMember): Promise<void> {
  if (member.name !== 'backup.json') throw broken('it does not begin with backup.json')
  const head = parse(Buffer.from(await member.bytes(longestHead)).toString()) as BackupHead | null
  if (head?.format !== backupFormat) {
    throw broken(
      `its format is ${JSON.stringify(head?.format)}, and this version reads ${backupFormat}`,
    )
  }
  const { rows } = await sql<{ name: string }>`
    select name from kysely_migration order by name`.execute(db)
  const here = rows.map(({ name }) => name).join(', ')
  const there = [head.migrations].flat().filter(isText).join(', ')
  if (here === there) return
  throw broken(
    `it was made of a database with the migrations ${there}, and this one has ${here}. Restore it with the version that made it, then upgrade`,
  )
}

async function keepBlob({ blobs }: Domain, member: TarMember): Promise<string> {
  const digest = member.name.slice('blobs/'.length)
  await using writer = await blobs.stage()
  for await (const chunk of member.stream()) await writer.write(chunk)
  await using staged = await writer.finish()
  if (staged.digests.sha256 !== digest) throw broken(`${member.name} has other bytes than it says`)
  await staged.keep()
  return digest
}

/** In the reverse order, so that nothing refers to what goes. */
async function clearFirstRows(tx: Tx): Promise<void> {
  for (const { name } of backedUpTables.toReversed()) {
    await sql`delete from ${sql.table(name)}`.execute(tx)
  }
}

async function insertRows(
  tx: Tx,
  table: BackedUpTable,
  { member, stored }: { member: TarMember; stored: ReadonlySet<string> },
): Promise<number> {
  let count = 0
  let batch: Row[] = []
  let characters = 0
  const flush = async () => {
    if (batch.length > 0) await insertBatch(tx, table, batch)
    batch = []
    characters = 0
  }
  const tooLong = () => broken(`a row of ${table.name} has more than ${longestRow} bytes`)
  for await (const line of readLines(member.stream(), longestRow, tooLong)) {
    const row = readRow(line, table)
    const missing = digestsOf(row, table).find((digest) => !stored.has(digest))
    if (missing) throw broken(`a row of ${table.name} names the blob ${missing}, which is missing`)
    count++
    characters += line.length
    if (batch.push(row) === rowsAtOnce || characters > charactersAtOnce) await flush()
  }
  await flush()
  return count
}

async function insertBatch(tx: Tx, { name }: BackedUpTable, rows: readonly Row[]): Promise<void> {
  try {
    await tx
      .insertInto(name)
      .values(rows as never)
      .execute()
  } catch (error) {
    throw broken(`the database refuses rows of ${name}: ${(error as Error).message}`)
  }
}

function readRow(line: string, { name }: BackedUpTable): Row {
  const row = parse(line)
  const isRow =
    typeof row === 'object' &&
    row !== null &&
    Object.entries(row).every(([column, value]) => /^[a-z0-9_]+$/.test(column) && isValue(value))
  if (!isRow) throw broken(`a row of ${name} is none`)
  return row as Row
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function isValue(value: unknown): boolean {
  return value === null || typeof value === 'string' || typeof value === 'number'
}

/** PostgreSQL goes on counting where it was, SQLite after the largest id. */
async function countOn({ db }: Domain, tx: Tx, { name }: BackedUpTable): Promise<void> {
  if (db.engine.name === 'sqlite') return
  await sql`
    select setval(pg_get_serial_sequence(${sql.lit(name)}, 'id'),
      (select coalesce(max(id), 0) + 1 from ${sql.table(name)}), false)`.execute(tx)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw broken((error as Error).message)
  }
}

function broken(what: string): DomainError {
  return new DomainError('invalid', `The backup cannot be restored: ${what}.`)
}
