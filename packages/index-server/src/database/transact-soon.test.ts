import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eachDatabase } from '../testing/each-database.ts'
import type { Database, Tx } from './database.ts'
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
