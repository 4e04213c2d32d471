import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Kysely, sql } from 'kysely'
import { emptyDatabase } from '../../testing/each-database.ts'
import type { Database } from '../database.ts'
import * as catalog from './0001-catalog.ts'
import * as indexes from './0002-indexes.ts'

const at = '2026-01-02T03:04:05.000Z'

emptyDatabase((name, open) => {
  describe(`the migration to many indexes: ${name}`, () => {
    it('keeps every row with its id, and what refers to what', async () => {
      await using db = await open()
      await catalog.up(anyOf(db), db.engine.name)
      await fill(db)
      const before = await contents(db)
      await db.transaction().execute((tx) => indexes.up(tx as never, db.engine.name))
      assert.deepEqual(await contents(db), before)
      await sql`delete from projects where id = 7`.execute(db)
      const after = await contents(db)
      for (const table of ['projects', 'grants', 'releases', 'files', 'file_metadata'] as const) {
        assert.equal(after[table]!.length, before[table]!.length - 1, table)
      }
    })

    it('never gives the id of a deleted row again', async () => {
      await using db = await open()
      await catalog.up(anyOf(db), db.engine.name)
      await sql`
        insert into projects (name, normalized_name, look_alike_key, status, last_serial, size, created_at)
        values ('a', 'a', 'a', 'active', 0, 0, ${at}), ('b', 'b', 'b', 'active', 0, 0, ${at})`.execute(
        db,
      )
      await sql`delete from projects where normalized_name = 'b'`.execute(db)
      await indexes.up(anyOf(db), db.engine.name)
      const { rows } = await sql<{ id: number }>`
        insert into projects (name, normalized_name, look_alike_key, status, last_serial, size, created_at)
        values ('c', 'c', 'c', 'active', 0, 0, ${at}) returning id`.execute(db)
      assert.deepEqual(rows, [{ id: 3 }])
    })

    it('holds a filename and a name once in each index, and no longer once in all', async () => {
      await using db = await open()
      await catalog.up(anyOf(db), db.engine.name)
      await fill(db)
      await indexes.up(anyOf(db), db.engine.name)
      const again = (index: number) => sql`
        insert into projects (index_id, name, normalized_name, look_alike_key, status, last_serial, size, created_at)
        values (${index}, 'kept', 'kept', 'kept', 'active', 0, 0, ${at})`
      await assert.rejects(again(1).execute(db), /unique/i)
      await assert.rejects(again(2).execute(db), /foreign key/i)
      await sql`
        insert into indexes (path, readers, uploaders, revision, created_at)
        values ('acme/dev', 'everyone', 'members', 0, ${at})`.execute(db)
      await again(2).execute(db)
    })

    it('keeps every name that was ever hosted for uploads, also deleted ones', async () => {
      await using db = await open()
      await catalog.up(anyOf(db), db.engine.name)
      await fill(db)
      await indexes.up(anyOf(db), db.engine.name)
      const { rows } = await sql`
        select normalized_name, origin, set_by from name_origins order by normalized_name`.execute(
        db,
      )
      assert.deepEqual(rows, [
        { normalized_name: 'demo', origin: 'hosted', set_by: null },
        { normalized_name: 'gone-away', origin: 'hosted', set_by: null },
        { normalized_name: 'kept', origin: 'hosted', set_by: null },
      ])
    })
  })
})

const anyOf = (db: Database) => db as unknown as Kysely<unknown>

const tables = [
  ...['users', 'tokens', 'projects', 'grants', 'releases', 'files', 'file_metadata'],
  ...['retired_filenames', 'events', 'totals', 'jobs'],
]

let reads = 0

/** The columns of before, of all tables of before. */
async function contents(db: Database): Promise<Record<string, readonly string[]>> {
  const found: Record<string, readonly string[]> = {}
  const added = ['index_id', 'project_id', 'normalized_name', 'version', 'file']
  for (const table of tables) {
    // Another text each time, or PostgreSQL would use a plan from before the columns.
    const select = sql.raw<Record<string, unknown>>(`select * from ${table} -- ${++reads}`)
    const { rows } = await select.execute(db)
    const isNew = (column: string) =>
      column === 'index_id' || (table === 'retired_filenames' && added.includes(column))
    found[table] = rows
      .map((row) => Object.entries(row).filter(([column]) => !isNew(column)))
      .map((row) => JSON.stringify(row.sort()))
      .sort()
  }
  return found
}

async function fill(db: Database): Promise<void> {
  await sql`
    insert into users (id, username, normalized_username, display_name, is_administrator, created_at)
    values (3, 'ann', 'ann', 'Ann', 0, ${at})`.execute(db)
  for (const [id, name] of [
    [7, 'demo'],
    [9, 'kept'],
  ] as const) {
    await sql`
      insert into projects (id, name, normalized_name, look_alike_key, status, last_serial, size, created_at)
      values (${id}, ${name}, ${name}, ${name}, 'active', 5, 6, ${at})`.execute(db)
    await sql`insert into grants values (3, ${id}, 'owner', ${at})`.execute(db)
    await sql`
      insert into releases (id, project_id, version, canonical_version, version_sort_key, is_prerelease, created_at)
      values (${id + 10}, ${id}, '1.0', '1', 'x', 0, ${at})`.execute(db)
    await sql`
      insert into files (id, project_id, release_id, filename, kind, python_tag, size, sha256, blake2b_256, md5, yanked, uploaded_at)
      values (${id + 20}, ${id}, ${id + 10}, ${`${name}.whl`}, 'bdist_wheel', 'py3', 4, 'a', 'b', 'c', 0, ${at})`.execute(
      db,
    )
    await sql`insert into file_metadata values (${id + 20}, 'd', '{}')`.execute(db)
  }
  await sql`insert into retired_filenames values ('old.whl', ${at})`.execute(db)
  await sql`
    insert into events (type, at, actor, project_id, project_name, facts)
    values ('project-deleted', ${at}, 'ann', 2, 'Gone_Away', '{}')`.execute(db)
}
