import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase, eachSharedDatabase, openAgain } from '../testing/each-database.ts'
import { migrate } from './migrate.ts'

eachDatabase((name, open) => {
  describe(`migrate: ${name}`, () => {
    it('does nothing the second time', async () => {
      await using db = await open()
      assert.deepEqual(await migrate(db), [])
    })

    it('says so when the database was made by a newer version', async () => {
      await using db = await open()
      await sql`insert into kysely_migration values ('9999-future', '2026-01-02T00:00:00Z')`.execute(
        db,
      )
      await assert.rejects(migrate(db), /newer version: it has the migration "9999-future"/)
    })
  })
})

eachDatabase((name, open) => {
  if (name !== 'PostgreSQL') return
  describe('migrate on PostgreSQL', () => {
    it('makes every text compare by bytes, whatever the locale of the server', async () => {
      await using db = await open()
      const { rows } = await sql`
        select table_name, column_name from information_schema.columns
        where table_schema = current_schema() and data_type = 'text'
          and collation_name is distinct from 'C'`.execute(db)
      assert.deepEqual(rows, [])
    })

    it('looks at no other schema, which somebody may be dropping', async () => {
      await using db = await open()
      await using another = await open()
      const ours = await db.introspection.getTables({ withInternalKyselyTables: true })
      const theirs = await another.introspection.getTables({ withInternalKyselyTables: true })
      assert.equal(ours.length, theirs.length)
      assert.equal(new Set(ours.map((table) => table.schema)).size, 1)
      assert.notEqual(ours[0]?.schema, theirs[0]?.schema)
    })
  })
})

eachSharedDatabase((name, open) => {
  describe(`migrate by several processes: ${name}`, () => {
    it('applies each migration once when two start at once', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      await forgetMigrations(db)
      const applied = await Promise.all([migrate(db), migrate(other)])
      assert.deepEqual(applied.flat(), await migrationFiles())
    })
  })
})

async function migrationFiles(): Promise<string[]> {
  const files = await readdir(new URL('migrations', import.meta.url))
  const names = files.filter((name) => !name.endsWith('.test.ts'))
  return names.map((name) => name.replace('.ts', '')).sort()
}

async function forgetMigrations(db: Parameters<typeof migrate>[0]): Promise<void> {
  const tables = (await db.introspection.getTables({ withInternalKyselyTables: true }))
    .map((table) => table.name)
    .filter((name) => name !== 'sqlite_sequence')
  const inOrder = [
    ...['file_metadata', 'files', 'releases', 'grants', 'projects', 'retired_filenames'],
    ...['name_origins', 'name_claims', 'index_sources', 'index_members', 'indexes', 'upstreams'],
    ...['tokens', 'users'],
  ]
  for (const table of [...tables.filter((name) => !inOrder.includes(name)), ...inOrder]) {
    await db.schema.dropTable(table).ifExists().execute()
  }
}
