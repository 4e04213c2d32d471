/** Makes SQLite a dialect of Kysely: connections that take turns, of which each is lasting or relaxed. */
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { Durability } from './durability.ts'
import { resultOf, type SqliteFile } from './sqlite.ts'

export function sqliteDialect(file: SqliteFile, durability: Durability): Dialect {
  return {
    createDriver: () => new SqliteFileDriver(file, durability),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}

class SqliteConnection implements DatabaseConnection {
  readonly #file: SqliteFile
  readonly #durability: Durability
  #release: (() => void) | undefined

  constructor(file: SqliteFile, durability: Durability) {
    this.#file = file
    this.#durability = durability
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
    this.#release = await this.#file.begin(this.#durability)
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
  readonly #durability: Durability

  constructor(file: SqliteFile, durability: Durability) {
    this.#file = file
    this.#durability = durability
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SqliteConnection> {
    return new SqliteConnection(this.#file, this.#durability)
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
