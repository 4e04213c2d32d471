/** Runs a suite on every database there is; PostgreSQL where CHEESESHOP_TEST_POSTGRES holds the URL of one. */
import { randomBytes } from 'node:crypto'
import { temporaryFolder } from '@cheeseshop/testing'
import pg from 'pg'
import { type Database, openDatabase } from '../database/database.ts'
import { migrate } from '../database/migrate.ts'
import { openInMemory, writeMigrated } from './migrated-database.ts'

/** Opens a database of the test's own, migrated and empty; closing it removes it. */
export type OpenTestDatabase = () => Promise<Database>

export function eachDatabase(suite: (name: string, open: OpenTestDatabase) => void): void {
  suite('SQLite in memory', openInMemory)
  eachSharedDatabase(suite)
}

/** Only those that several connections, or processes, can have open at once. */
export function eachSharedDatabase(suite: (name: string, open: OpenTestDatabase) => void): void {
  suite('SQLite in a file', openInFile)
  if (process.env['CHEESESHOP_TEST_POSTGRES']) suite('PostgreSQL', () => openOnPostgres())
}

/** Without any table, for tests of migrations. */
export function emptyDatabase(suite: (name: string, open: OpenTestDatabase) => void): void {
  suite('SQLite in memory', () => openDatabase({ url: 'sqlite::memory:' }))
  const onPostgres = () => openOnPostgres(async () => {})
  if (process.env['CHEESESHOP_TEST_POSTGRES']) suite('PostgreSQL', onPostgres)
}

/** A second, independent connection to the same database, as another process would have. */
export function openAgain(db: Database): Promise<Database> {
  return openDatabase({ url: testDatabaseUrl(db) })
}

/** For tests that start a process of their own. */
export function testDatabaseUrl(db: Database): string {
  const url = urls.get(db)
  if (!url) throw new Error('Only a database from eachSharedDatabase can be opened again.')
  return url
}

const urls = new WeakMap<Database, string>()

async function openInFile(): Promise<Database> {
  const folder = await temporaryFolder()
  const path = folder.join('test.db')
  await writeMigrated(path)
  const db = await openDatabase({ url: `sqlite:${path}` })
  return removing(db, `sqlite:${path}`, () => folder[Symbol.asyncDispose]())
}

type Prepare = (db: Database) => Promise<unknown>

async function openOnPostgres(prepare: Prepare = migrate): Promise<Database> {
  const schema = `test_${randomBytes(8).toString('hex')}`
  const url = new URL(process.env['CHEESESHOP_TEST_POSTGRES']!)
  await onServer(url.href, `create schema ${schema}`)
  const own = new URL(url)
  own.searchParams.set('options', `-c search_path=${schema}`)
  const remove = () => onServer(url.href, `drop schema ${schema} cascade`)
  const db = await openDatabase({ url: own.href })
  await prepare(db)
  return removing(db, own.href, remove)
}

function removing(db: Database, url: string, remove: () => PromiseLike<void>): Database {
  urls.set(db, url)
  const close = db.close.bind(db)
  db.close = async () => {
    await close()
    await remove()
  }
  return db
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
