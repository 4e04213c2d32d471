import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { sql } from 'kysely'
import {
  eachDatabase,
  eachSharedDatabase,
  openAgain,
  testDatabaseUrl,
} from '../testing/each-database.ts'
import { changeMark } from './change-mark.ts'
import { type Database, openDatabase, type Tx, transact } from './database.ts'
import { migrate } from './migrate.ts'

const retired = (filename: string) => ({ filename, retired_at: '' })
const add = (tx: Tx, name: string) =>
  tx.insertInto('retired_filenames').values(retired(name)).execute()

eachDatabase((name, open) => {
  describe(`database: ${name}`, () => {
    it('undoes everything when the work fails', async () => {
      await using db = await open()
      const failing = transact(db, async (tx) => {
        await add(tx, 'a')
        throw new Error('on purpose')
      })
      await assert.rejects(failing, /on purpose/)
      assert.deepEqual(await db.selectFrom('retired_filenames').selectAll().execute(), [])
    })

    it('returns plain objects with numbers', async () => {
      await using db = await open()
      const totals = await db.selectFrom('totals').selectAll().execute()
      assert.deepEqual(totals, [{ index_id: 1, projects: 0, releases: 0, files: 0, bytes: 0 }])
      const { n } = await db
        .selectFrom('totals')
        .select((select) => select.fn.countAll<number>().as('n'))
        .executeTakeFirstOrThrow()
      assert.equal(n, 1)
    })

    it('sorts text by its bytes', async () => {
      await using db = await open()
      for (const name of ['a', 'B', '_', '~', 'é', 'aa', 'Z']) {
        await db.insertInto('retired_filenames').values(retired(name)).execute()
      }
      const rows = await db
        .selectFrom('retired_filenames')
        .select('filename')
        .orderBy('filename')
        .execute()
      assert.equal(rows.map((row) => row.filename).join(' '), 'B Z _ a aa ~ é')
    })

    it('refuses rows that refer to nothing', async () => {
      await using db = await open()
      const grant = { user_id: 1, project_id: 2, role: 'owner' as const, created_at: '' }
      await assert.rejects(db.insertInto('grants').values(grant).execute(), /foreign key/i)
    })

    it('refuses text in a column of numbers', async () => {
      await using db = await open()
      const wrong = { projects: 'many' as unknown as number }
      await assert.rejects(db.updateTable('totals').set(wrong).execute())
    })

    it('refuses a second transaction inside the first instead of waiting for ever', async () => {
      await using db = await open()
      const nested = transact(db, () => transact(db, async () => {}))
      await assert.rejects(nested, /A transaction is open/)
    })

    it('lets transactions of one process take turns', async () => {
      await using db = await open()
      await Promise.all(Array.from({ length: 20 }, () => transact(db, countOneMore)))
      assert.equal((await db.selectFrom('totals').selectAll().executeTakeFirstOrThrow()).files, 20)
    })

    it('changes its mark with every event and keeps it otherwise', async () => {
      await using db = await open()
      const before = await changeMark(db)
      await db.selectFrom('events').selectAll().execute()
      assert.equal(await changeMark(db), before)
      await transact(db, recordSomething)
      assert.notEqual(await changeMark(db), before)
    })
  })
})

eachSharedDatabase((name, open) => {
  describe(`database shared by processes: ${name}`, () => {
    it('lets transactions of several take turns', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const counts = Array.from({ length: 40 }, (_, n) =>
        transact(n % 2 ? db : other, countOneMore),
      )
      await Promise.all(counts)
      assert.equal((await db.selectFrom('totals').selectAll().executeTakeFirstOrThrow()).files, 40)
    })

    it('waits for the disk with a lasting change and not with a relaxed one, whatever came before', async () => {
      await using db = await open()
      const syncs: unknown[] = []
      for (const durability of ['lasting', 'relaxed', 'lasting'] as const) {
        const look = async (tx: Tx) => syncs.push(await waitsForDisk(tx, db))
        await transact(db, look, durability)
      }
      assert.deepEqual(syncs, [true, false, true])
    })

    it('shows a relaxed change to every process at once', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const before = await changeMark(other)
      await transact(db, recordSomething, 'relaxed')
      assert.notEqual(await changeMark(other), before)
      assert.equal((await other.selectFrom('events').selectAll().execute()).length, 1)
    })

    it('reads on while another transaction is open, and sees it once it commits', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      await transact(db, async (tx) => {
        await add(tx, 'a')
        assert.deepEqual(await db.selectFrom('retired_filenames').selectAll().execute(), [])
        assert.deepEqual(await other.selectFrom('retired_filenames').selectAll().execute(), [])
      })
      assert.equal((await other.selectFrom('retired_filenames').selectAll().execute()).length, 1)
    })

    it('answers reads while more changes wait in line than there are connections', async () => {
      await using db = await open()
      await using few = await openDatabase({ url: testDatabaseUrl(db), connections: 3 })
      const gate = Promise.withResolvers<void>()
      const changes = Array.from({ length: 10 }, () => transact(few, () => gate.promise))
      await few.selectFrom('totals').selectAll().execute()
      gate.resolve()
      await Promise.all(changes)
    })

    it('changes its mark when another process commits', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const before = await changeMark(db)
      await transact(other, recordSomething)
      assert.notEqual(await changeMark(db), before)
    })
  })
})

describe('openDatabase', () => {
  it('keeps the file from other users of the machine, whatever the folder allows', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'index.sqlite')
    await using db = await openDatabase({ url: `sqlite:${path}` })
    await migrate(db)
    for (const suffix of ['', '-wal', '-shm']) {
      assert.equal((await stat(path + suffix)).mode & 0o777, 0o600)
    }
  })

  it('says which URLs there are, and shows no password', async () => {
    await assert.rejects(
      openDatabase({ url: 'mysql://root:hunter2hunter2@host/db' }),
      (error: Error) =>
        /sqlite: or postgres:/.test(error.message) && !/hunter2/.test(error.message),
    )
  })

  it('names the database it could not open and the reason, without the password', async () => {
    for (const secret of ['ada:hunter2@localhost:1/db', 'localhost:1/db?password=hunter2']) {
      const opening = openDatabase({ url: `postgres://${secret}` })
      await assert.rejects(opening, (error: Error) => {
        assert.match(
          error.message,
          /^The database postgres:.*localhost:1.* cannot be opened: .*REFUSED/,
        )
        assert.doesNotMatch(error.message, /hunter2/)
        return true
      })
    }
    await assert.rejects(openDatabase({ url: 'sqlite:/dev/null/no.db' }), {
      message: /^The database sqlite:\/dev\/null\/no\.db cannot be opened: /,
    })
  })
})

/** Reads, lets others run, then writes: it loses counts unless transactions stand in line. */
async function countOneMore(tx: Tx): Promise<void> {
  const { files } = await tx.selectFrom('totals').select('files').executeTakeFirstOrThrow()
  await new Promise((resolve) => setImmediate(resolve))
  await tx
    .updateTable('totals')
    .set({ files: files + 1 })
    .execute()
}

async function waitsForDisk(tx: Tx, { engine }: Database): Promise<boolean> {
  if (engine.name === 'sqlite') {
    const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(tx)
    return rows[0]!.synchronous === 2
  }
  const { rows } = await sql<{ synchronous_commit: string }>`show synchronous_commit`.execute(tx)
  return rows[0]!.synchronous_commit === 'on'
}

async function recordSomething(tx: Tx): Promise<void> {
  const about = { project_id: null, project_name: null, version: null, filename: null }
  await tx
    .insertInto('events')
    .values({ type: 'test', at: '2026-01-02', actor: 'test', facts: '{}', ...about })
    .execute()
}
