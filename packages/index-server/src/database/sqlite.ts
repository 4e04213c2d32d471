/** A database file of node:sqlite: one connection writes, another reads and never waits for it. */
import { open } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CompiledQuery, type QueryResult, SelectQueryNode } from 'kysely'
import type { Durability } from './durability.ts'
import { assertOutsideTransaction } from './inside-transaction.ts'
import { Mutex } from './mutex.ts'
import { SqliteHandle } from './sqlite-handle.ts'

const SQLITE_BUSY = 5
const SYNC_AFTER_MS = 500
const LONGEST_WAIT_MS = 30_000

export class SqliteFile {
  readonly writer: SqliteHandle
  /** Absent for a database in memory, which is one connection: there reads take turns with writes. */
  readonly reader: SqliteHandle | undefined
  readonly #turn = new Mutex()
  readonly #log: string
  #durability: Durability = 'lasting'
  #sync: NodeJS.Timeout | undefined

  constructor(path: string) {
    this.#log = `${path}-wal`
    this.writer = new SqliteHandle(path, { readOnly: false })
    // FULL: the log is on the disk before a commit returns, so neither kill -9 nor a power cut takes back an
    // answered upload. NORMAL, for relaxed changes, keeps the database whole but could lose the last second.
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
    const release = await this.#takeTurn('lasting')
    try {
      return await retryWhileBusy(() => resultOf(this.writer, query))
    } finally {
      release()
    }
  }

  async begin(durability: Durability): Promise<() => void> {
    const release = await this.#takeTurn(durability)
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

  async #takeTurn(durability: Durability): Promise<() => void> {
    assertOutsideTransaction(this)
    const release = await this.#turn.acquire()
    if (durability === 'relaxed') this.#syncLater()
    if (durability !== this.#durability) {
      this.writer.database.exec(`pragma synchronous = ${levels[durability]}`)
      this.#durability = durability
    }
    return release
  }

  /** Off the thread that everybody waits for, and once for many changes. SQLite holds no lock on its log that this could drop. */
  #syncLater(): void {
    this.#sync ??= setTimeout(() => {
      this.#sync = undefined
      syncToDisk(this.#log).catch(() => {})
    }, SYNC_AFTER_MS).unref()
  }

  /** The last connection to a file moves its log into the database, and both to the disk. */
  close(): void {
    clearTimeout(this.#sync)
    this.reader?.close()
    this.writer.close()
  }
}

const levels = { lasting: 'full', relaxed: 'normal' } as const

async function syncToDisk(path: string): Promise<void> {
  await using file = await open(path)
  await file.datasync()
}

export function resultOf(handle: SqliteHandle, query: CompiledQuery): QueryResult<unknown> {
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
