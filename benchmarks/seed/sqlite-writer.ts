/** Fills an empty SQLite database: no write-ahead log, prepared statements, one transaction, indexes made afterwards. */
import { rmSync } from 'node:fs'
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite'
import { openDatabase } from 'cheeseshop/src/database/database.ts'
import { migrate } from 'cheeseshop/src/database/migrate.ts'
import type { SeedRow } from './seed-row.ts'

/** Replaces the file at the path. A crash half way leaves a broken file, which the next run replaces. */
export async function fillSqlite(path: string, rows: Iterable<SeedRow>): Promise<number> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  const empty = await openDatabase({ url: `sqlite:${path}` })
  await migrate(empty)
  await empty.close()
  const db = new DatabaseSync(path)
  try {
    // In WAL mode every new page would be written twice; a rollback journal holds none of them.
    db.exec('pragma journal_mode = delete; pragma synchronous = off; pragma foreign_keys = off')
    db.exec('pragma cache_size = -500000; pragma temp_store = memory')
    const indexes = takeIndexes(db)
    const count = insert(db, rows)
    for (const sql of indexes) db.exec(sql)
    db.exec('analyze; pragma journal_mode = wal')
    return count
  } finally {
    db.close()
  }
}

function insert(db: DatabaseSync, rows: Iterable<SeedRow>): number {
  const statements = new Map<string, StatementSync>()
  let count = 0
  db.exec('begin; delete from totals')
  for (const { table, values } of rows) {
    let statement = statements.get(table)
    if (!statement) {
      const columns = Object.keys(values)
      const places = columns.map(() => '?').join(', ')
      statement = db.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`)
      statements.set(table, statement)
    }
    statement.run(...(Object.values(values) as SQLInputValue[]))
    count++
  }
  db.exec('commit')
  return count
}

/** Sorting an index once is far cheaper than inserting millions of digests into it in random order. */
function takeIndexes(db: DatabaseSync): string[] {
  const query = "select name, sql from sqlite_master where type = 'index' and sql is not null"
  return db
    .prepare(query)
    .all()
    .map(({ name, sql }) => {
      db.exec(`drop index ${name}`)
      return String(sql)
    })
}
