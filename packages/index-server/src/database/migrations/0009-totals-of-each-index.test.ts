import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sql } from 'kysely'
import { eachDatabase } from '../../testing/each-database.ts'
import * as totals from './0009-totals-of-each-index.ts'

const at = '2026-01-02T03:04:05.000Z'

eachDatabase((name, open) => {
  describe(`the migration to totals of each index: ${name}`, () => {
    it('counts what is there, also where there is nothing', async () => {
      await using db = await open()
      await sql`alter table totals rename column index_id to id`.execute(db)
      await sql`alter table totals add column users integer not null default 7`.execute(db)
      await sql`update totals set projects = 99`.execute(db)
      for (const path of ['acme/dev', 'acme/empty']) {
        await sql`
          insert into indexes (path, readers, uploaders, revision, created_at)
          values (${path}, 'members', 'members', 0, ${at})`.execute(db)
      }
      for (const [index, project] of [
        [1, 'open'],
        [2, 'secret'],
        [2, 'hidden'],
      ] as const) {
        await sql`
          insert into projects (index_id, name, normalized_name, look_alike_key, status, last_serial, size, created_at)
          values (${index}, ${project}, ${project}, ${project}, 'active', 5, 8, ${at})`.execute(db)
        const { rows } = await sql<{ id: number }>`
          insert into releases (project_id, version, canonical_version, version_sort_key, is_prerelease, created_at)
          values ((select max(id) from projects), '1.0', '1', 'x', 0, ${at}) returning id`.execute(
          db,
        )
        for (const file of ['a', 'b']) {
          await sql`
            insert into files (index_id, project_id, release_id, filename, kind, python_tag, size, sha256, blake2b_256, md5, yanked, uploaded_at)
            values (${index}, (select max(id) from projects), ${rows[0]!.id}, ${project + file}, 'sdist', 'source', 4, 'a', 'b', 'c', 0, ${at})`.execute(
            db,
          )
        }
      }
      await totals.up(db as never)
      assert.deepEqual(await db.selectFrom('totals').selectAll().orderBy('index_id').execute(), [
        { index_id: 1, projects: 1, releases: 1, files: 2, bytes: 8 },
        { index_id: 2, projects: 2, releases: 2, files: 4, bytes: 16 },
        { index_id: 3, projects: 0, releases: 0, files: 0, bytes: 0 },
      ])
    })
  })
})
