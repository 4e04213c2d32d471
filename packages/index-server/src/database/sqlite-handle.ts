/** One SQLite connection: runs statements synchronously and keeps the prepared ones. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'

/** Enough for every query of the server; a `where x in (...)` of unusual length only evicts its peers. */
const KEPT_STATEMENTS = 300

export interface SqliteResult {
  rows: Record<string, unknown>[]
  changes?: bigint
}

interface Prepared {
  statement: StatementSync
  columns: string[]
}

export class SqliteHandle {
  readonly database: DatabaseSync
  readonly #prepared = new Map<string, Prepared>()

  constructor(path: string, options: { readOnly: boolean }) {
    this.database = new DatabaseSync(path, { readOnly: options.readOnly, timeout: 5000 })
    this.database.exec('pragma cache_size = -8192; pragma temp_store = memory')
  }

  query(sql: string, parameters: readonly unknown[] = []): SqliteResult {
    const { statement, columns } = this.#prepare(sql)
    const values = parameters as SQLInputValue[]
    if (columns.length === 0) {
      return { rows: [], changes: BigInt(statement.run(...values).changes) }
    }
    const rows = statement.all(...values) as unknown as unknown[][]
    return { rows: rows.map((row) => toObject(columns, row)) }
  }

  close(): void {
    this.#prepared.clear()
    this.database.close()
  }

  #prepare(sql: string): Prepared {
    let prepared = this.#prepared.get(sql)
    if (prepared) {
      this.#prepared.delete(sql)
    } else {
      prepared = this.#compile(sql)
      if (this.#prepared.size >= KEPT_STATEMENTS) {
        this.#prepared.delete(this.#prepared.keys().next().value!)
      }
    }
    this.#prepared.set(sql, prepared)
    return prepared
  }

  #compile(sql: string): Prepared {
    const statement = this.database.prepare(sql)
    statement.setReturnArrays(true)
    return { statement, columns: statement.columns().map((column) => column.name) }
  }
}

/** node:sqlite makes objects without a prototype; plain ones from arrays cost the same and equal what `pg` gives. */
function toObject(columns: readonly string[], row: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  for (let index = 0; index < columns.length; index++) {
    object[columns[index]!] = row[index]
  }
  return object
}
