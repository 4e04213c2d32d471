/** Reads the whole database as it was at one moment, while others go on writing. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { type Database, openDatabase } from './database.ts'
import type { Schema } from './schema.ts'

/** Nothing may be written through the handle that the work is given. */
export function withSnapshot<Result>(
  db: Database,
  work: (snapshot: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  const { engine } = db
  if (engine.name === 'sqlite') return withCopy(engine.file.writer.database, work)
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(work)
}

/** SQLite copies a database faster than its rows can be read, and a long read would keep its log from shrinking. */
async function withCopy<Result>(
  source: { exec(sql: string): void },
  work: (snapshot: Kysely<Schema>) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'cheeseshop-'))
  try {
    const path = join(folder, 'snapshot.db')
    source.exec(`vacuum into '${path.replaceAll("'", "''")}'`)
    await using copy = await openDatabase({ url: `sqlite:${path}` })
    return await work(copy)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
