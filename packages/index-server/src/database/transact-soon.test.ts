import assert from 'node:assert/strict'
import { type FileHandle, open as openFile, readlink } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { temporaryFolder } from '@cheeseshop/testing'
import { eachDatabase } from '../testing/each-database.ts'
import { type Database, openDatabase, type Tx } from './database.ts'
import { migrate } from './migrate.ts'
import { transactSoon } from './transact-soon.ts'

eachDatabase((name, open) => {
  describe(`changes made soon: ${name}`, () => {
    const add = (revision: number) => async (tx: Tx) => {
      const now = await tx
        .updateTable('upstream_changes')
        .set((row) => ({ revision: row('revision', '*', 10) }))
        .returning('revision')
        .executeTakeFirstOrThrow()
      await tx
        .updateTable('upstream_changes')
        .set({ revision: now.revision + revision })
        .execute()
      return revision
    }
    const revisionIn = async (db: Database) =>
      (await db.selectFrom('upstream_changes').select('revision').executeTakeFirstOrThrow())
        .revision

    it('are made in the order they were asked for, each with its own outcome', async () => {
      await using db = await open()
      const asked = Array.from({ length: 9 }, (_, at) => transactSoon(db, add(at + 1)))
      assert.deepEqual(await Promise.all(asked), [1, 2, 3, 4, 5, 6, 7, 8, 9])
      assert.equal(await revisionIn(db), 123_456_789)
    })

    it('are not begun before whoever asked for them has answered', async () => {
      await using db = await open()
      const steps: string[] = []
      const change = transactSoon(db, async (tx) => {
        steps.push('begun')
        return add(7)(tx)
      })
      await Promise.resolve().then(() => process.nextTick(() => steps.push('answered')))
      await change
      assert.deepEqual(steps, ['answered', 'begun'])
      assert.equal(await revisionIn(db), 7)
    })

    it('are all made where there are more than go together', async () => {
      await using db = await open()
      let made = 0
      const ask = () => transactSoon(db, async () => ++made)
      await Promise.all(Array.from({ length: 100 }, ask))
      assert.equal(made, 100)
    })

    it('take no other with them when they fail', async () => {
      await using db = await open()
      const failing = async (tx: Tx) => {
        await add(5)(tx)
        throw new Error('no')
      }
      const asked = [add(1), failing, add(2)].map((work) => transactSoon(db, work))
      const outcomes = await Promise.allSettled(asked)
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      )
      assert.equal(await revisionIn(db), 12)
    })
  })
})

describe('changes made soon in a file of SQLite', () => {
  it('are on the disk half a second later, however many with one write', async (t) => {
    await using folder = await temporaryFolder()
    const path = folder.join('index.sqlite')
    await using db = await openDatabase({ url: `sqlite:${path}` })
    await migrate(db)
    await using any = await openFile(path)
    const synced: string[] = []
    t.mock.method(Object.getPrototypeOf(any), 'datasync', async function (this: FileHandle) {
      synced.push(await readlink(`/proc/self/fd/${this.fd}`))
    })
    const { setTimeout } = globalThis
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20))
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const changes = async () => {
      await Promise.all(Array.from({ length: 3 }, () => transactSoon(db, async () => {})))
    }
    for (const times of [1, 2]) {
      await changes()
      t.mock.timers.tick(400)
      await changes()
      t.mock.timers.tick(99)
      await pause()
      assert.equal(synced.length, times - 1)
      t.mock.timers.tick(1)
      for (let left = 100; left > 0 && synced.length < times; left--) await pause()
    }
    assert.deepEqual(synced, [`${path}-wal`, `${path}-wal`])
  })
})
