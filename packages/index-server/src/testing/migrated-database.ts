/** SQLite databases with every table and no row: migrated once in each process, then copied. */
import { writeFile } from 'node:fs/promises'
import { type Database, openDatabase } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'

export async function openInMemory(): Promise<Database> {
  const db = await openDatabase({ url: 'sqlite::memory:' })
  connectionOf(db).deserialize(await migratedImage())
  return db
}

/** For `openDatabase` to find. */
export async function writeMigrated(path: string): Promise<void> {
  await writeFile(path, await migratedImage(), { mode: 0o600 })
}

let image: Promise<Uint8Array> | undefined

function migratedImage(): Promise<Uint8Array> {
  image ??= makeImage()
  return image
}

async function makeImage(): Promise<Uint8Array> {
  await using db = await openDatabase({ url: 'sqlite::memory:' })
  await migrate(db)
  const bytes = connectionOf(db).serialize()
  return bytes
}

function connectionOf({ engine }: Database) {
  if (engine.name === 'sqlite') return engine.file.writer.database
  throw new Error('Only a database of SQLite can be copied like this.')
}
