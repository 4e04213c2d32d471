/** Opens the database: a Kysely over SQLite or PostgreSQL, and the one way to change it. */
import { closeSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import { type Dialect, Kysely, sql, type Transaction } from 'kysely'
import type { Durability } from './durability.ts'
import { assertOutsideTransaction, runInsideTransaction } from './inside-transaction.ts'
import { Mutex } from './mutex.ts'
import { openPostgresPool, type PostgresOptions, postgresDialect } from './postgres.ts'
import type { Schema } from './schema.ts'
import { SqliteFile } from './sqlite.ts'
import { sqliteDialect } from './sqlite-dialect.ts'

export interface DatabaseOptions extends PostgresOptions {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://user:password@host/name`. */
  url: string
}

/** What the two databases do differently. */
type Engine =
  | { readonly name: 'sqlite'; readonly file: SqliteFile; readonly relaxed: Kysely<Schema> }
  | { readonly name: 'postgres'; readonly file?: undefined; readonly turn: Mutex }

export class Database extends Kysely<Schema> {
  readonly engine: Engine

  constructor(dialect: Dialect, engine: Engine) {
    super({ dialect })
    this.engine = engine
  }

  /** Waits for the queries under way, then lets the connections go. */
  async close(): Promise<void> {
    await this.destroy()
    this.engine.file?.close()
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

declare const opened: unique symbol

/** A transaction that `transact` opened: it holds the write lock of the whole catalog. */
export type Tx = Transaction<Schema> & { readonly [opened]: true }

/** Rejects with a sentence that names the database, without its password, and the reason. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url } = options
  try {
    if (url.startsWith('sqlite:')) return openSqlite(url.slice('sqlite:'.length))
    if (/^postgres(ql)?:\/\//.test(url)) return await openPostgres(options)
  } catch (error) {
    throw new Error(`The database ${withoutPassword(url)} cannot be opened: ${reasonOf(error)}`, {
      cause: error,
    })
  }
  throw new Error(
    `The database URL must start with sqlite: or postgres://, not with ${JSON.stringify(url.slice(0, 12))}.`,
  )
}

/**
 * Runs the work in one transaction; all of it happens or nothing.
 *
 * Changes stand in line, on PostgreSQL as on SQLite: what the work reads cannot change before it commits, and
 * the ids of events are in the order of commits. So never await the network inside, and use only `tx`.
 */
export async function transact<Result>(
  db: Database,
  work: (tx: Tx) => Promise<Result>,
  durability: Durability = 'lasting',
): Promise<Result> {
  const { engine } = db
  const owner = engine.file ?? engine
  assertOutsideTransaction(owner)
  const connection = engine.name === 'sqlite' && durability === 'relaxed' ? engine.relaxed : db
  const run = () =>
    connection.transaction().execute(async (transaction) => {
      if (engine.name === 'postgres') await takeWriteLock(transaction, durability)
      return runInsideTransaction(owner, () => work(transaction as Tx))
    })
  return engine.name === 'postgres' ? inTurn(engine.turn, run) : run()
}

/** Who would only wait for the lock of the server waits here, and leaves the connections to those who read. */
async function inTurn<Result>(turn: Mutex, run: () => Promise<Result>): Promise<Result> {
  const release = await turn.acquire()
  try {
    return await run()
  } finally {
    release()
  }
}

const WRITE_LOCK = 6_027_481_155_903_772n

/** Also bounds every wait, so that one stuck process cannot stop all the others for ever. */
async function takeWriteLock(tx: Transaction<Schema>, durability: Durability): Promise<void> {
  const relaxed = sql`, set_config('synchronous_commit', 'off', true)`
  await sql`
    with limits as (
      select set_config('lock_timeout', '30s', true),
        set_config('idle_in_transaction_session_timeout', '60s', true)
        ${durability === 'relaxed' ? relaxed : sql``}
    )
    select pg_advisory_xact_lock(${sql.lit(WRITE_LOCK)}) from limits`.execute(tx)
}

function openSqlite(path: string): Database {
  if (path !== ':memory:') createPrivately(path)
  const file = new SqliteFile(path)
  const relaxed = new Kysely<Schema>({ dialect: sqliteDialect(file, 'relaxed') })
  return new Database(sqliteDialect(file, 'lasting'), { name: 'sqlite', file, relaxed })
}

/** Hashes of tokens and addresses of people are nobody else's business; SQLite's other files take over the mode. */
function createPrivately(path: string): void {
  makeFolder(dirname(path))
  closeSync(openSync(path, 'a', 0o600))
}

async function openPostgres(options: DatabaseOptions): Promise<Database> {
  const pool = openPostgresPool(options.url, options)
  const db = new Database(postgresDialect(pool), { name: 'postgres', turn: new Mutex() })
  try {
    await sql`select 1`.execute(db)
    return db
  } catch (error) {
    await db.close()
    throw error
  }
}

function withoutPassword(url: string): string {
  return url.replace(/^(\w+:\/\/[^:@/]*):.*@/, '$1:***@').replace(/([?&]password=)[^&]*/, '$1***')
}

/** A refused connection is an AggregateError, one for each address, and has no message of its own. */
function reasonOf(error: unknown): string {
  const reasons = error instanceof AggregateError ? error.errors : [error]
  return reasons.map((each) => (each instanceof Error ? each.message : String(each))).join('; ')
}
