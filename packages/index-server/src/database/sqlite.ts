/** SQLite for Kysely over node:sqlite: one connection writes, another reads and never waits for it. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { assertOutsideTransaction } from './inside-transaction.ts'
import { Mutex } from './mutex.ts'
import { SqliteHandle } from './sqlite-handle.ts'

const SQLITE_BUSY = 5
const LONGEST_WAIT_MS = 30_000

export class SqliteFile {
  readonly writer: SqliteHandle
  /** Absent for a database in memory, which is one connection: there reads take turns with writes. */
  readonly reader: SqliteHandle | undefined
  readonly #turn = new Mutex()

  constructor(path: string) {
    this.writer = new SqliteHandle(path, { readOnly: false })
    // FULL: the log is on the disk before a commit returns, so neither kill -9 nor a power cut takes back an
    // answered upload. NORMAL would keep the database whole but could lose the last seconds.
    this.writer.database.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma journal_size_limit = 67108864',
    )
    // From here on waiting for another process is done by `retryWhileBusy`, which leaves the event loop free.
    this.writer.database.exec('pragma busy_timeout = 2')
    this.reader = path === ':memory:' ? undefined : new SqliteHandle(path, { readOnly: true })
  }

  /** Runs one statement outside a transaction. */
  async query(query: CompiledQuery): Promise<QueryResult<unknown>> {
    if (this.reader && SelectQueryNode.is(query.query)) {
      return resultOf(this.reader, query)
    }
    const release = await this.#takeTurn()
    try {
      return await retryWhileBusy(() => resultOf(this.writer, query))
    } finally {
      release()
    }
  }

  async begin(): Promise<() => void> {
    const release = await this.#takeTurn()
    try {
      // IMMEDIATE: take the write lock first, so that a transaction never fails half way because another
      // process wrote after it had read.
      await retryWhileBusy(() => this.writer.query('begin immediate'))
      return release
    } catch (error) {
      release()
      throw error
    }
  }

  /** See change-mark.ts. */
  changeMark(): number {
    // The version seen by a connection moves when any *other* one commits, so the reader's counts every change.
    return this.reader
      ? (this.reader.query('pragma data_version').rows[0]!.data_version as number)
      : (this.writer.query('select total_changes() as changes').rows[0]!.changes as number)
  }

  #takeTurn(): Promise<() => void> {
    assertOutsideTransaction(this)
    return this.#turn.acquire()
  }

  close(): void {
    this.reader?.close()
    this.writer.close()
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #file: SqliteFile
  #release: (() => void) | undefined

  constructor(file: SqliteFile) {
    this.#file = file
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const result = this.#release ? resultOf(this.#file.writer, query) : this.#file.query(query)
    return (await result) as QueryResult<Row>
  }

  // An open cursor would pin its snapshot for every later read of the connection, and pages would go stale.
  // biome-ignore lint/correctness/useYield: it refuses
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streaming a query is not supported: read in pages by a key instead.')
  }

  async begin(): Promise<void> {
    this.#release = await this.#file.begin()
  }

  end(command: 'commit' | 'rollback'): void {
    // SQLite rolls back by itself when the disk is full; a second rollback would hide the first error.
    if (command === 'commit' || this.#file.writer.database.isTransaction) {
      this.#file.writer.query(command)
    }
    this.letGo()
  }

  letGo(): void {
    this.#release?.()
    this.#release = undefined
  }
}

class SqliteFileDriver implements Driver {
  readonly #file: SqliteFile

  constructor(file: SqliteFile) {
    this.#file = file
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#file)
  }

  async beginTransaction(connection: SqliteConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: SqliteConnection): Promise<void> {
    connection.end('commit')
  }

  async rollbackTransaction(connection: SqliteConnection): Promise<void> {
    connection.end('rollback')
  }

  async releaseConnection(connection: SqliteConnection): Promise<void> {
    connection.letGo()
  }

  async destroy(): Promise<void> {}
}

class TransactionalSqliteAdapter extends SqliteAdapter {
  /** The driver hands out a connection per caller and takes turns itself. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** SQLite can; without this a failed migration would leave its half. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

export function sqliteDialect(file: SqliteFile): Dialect {
  return {
    createDriver: () => new SqliteFileDriver(file),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

function resultOf(handle: SqliteHandle, query: CompiledQuery): QueryResult<unknown> {
  const { rows, changes } = handle.query(query.sql, query.parameters)
  return changes === undefined ? { rows } : { rows, numAffectedRows: changes }
}

async function retryWhileBusy<Result>(run: () => Result): Promise<Result> {
  const deadline = Date.now() + LONGEST_WAIT_MS
  for (;;) {
    try {
      return run()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (Date.now() > deadline) {
        throw new Error(
          `Another process has kept the database locked for ${LONGEST_WAIT_MS / 1000} seconds. Stop it, or try again.`,
          { cause: error },
        )
      }
    }
    await sleep(1 + Math.random() * 10)
  }
}

function isBusy(error: unknown): boolean {
  const { errcode } = error as { errcode?: number }
  return errcode !== undefined && (errcode & 0xff) === SQLITE_BUSY
}
