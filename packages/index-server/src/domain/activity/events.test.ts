import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Database, type Tx, transact } from '../../database/database.ts'
import { eachDatabase, eachSharedDatabase, openAgain } from '../../testing/each-database.ts'
import { testDomain } from '../../testing/test-domain.ts'
import type { NewEvent } from './event.ts'
import { lastSerial, readEvents, recordEvent } from './events.ts'
import { readTotals } from './totals.ts'

const at = new Date('2026-01-02T03:04:05.678Z')
const actor = 'ada'

eachDatabase((name, open) => {
  describe(`events: ${name}`, () => {
    it('come back as they were recorded, in order', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const project = await addProject(db)
      const about = { at, actor, project, version: '1.0' }
      const events: NewEvent[] = [
        { type: 'release-created', ...about, facts: {} },
        { type: 'file-yanked', ...about, filename: 'demo.whl', facts: { reason: 'broken' } },
        { type: 'user-created', at, actor, facts: { username: 'bob', isAdministrator: false } },
      ]
      const serials = await record(db, ...events)
      const read = await readEvents(domain, { since: 0, limit: 10 })
      assert.deepEqual(
        read,
        events.map((event, index) => ({ ...event, serial: serials[index] })),
      )
      assert.equal(await lastSerial(domain), serials[2])
    })

    it('are read after a serial, up to a limit, of one project', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const [one, two] = [await addProject(db, 'one'), await addProject(db, 'two')]
      const yank = (project: typeof one): NewEvent => ({
        ...{ type: 'release-yanked', at, actor, project, version: '1', facts: {} },
      })
      const serials = await record(db, yank(one), yank(two), yank(one), yank(two))
      const read = async (query: Parameters<typeof readEvents>[1]) =>
        (await readEvents(domain, query)).map((event) => serials.indexOf(event.serial))
      assert.deepEqual(await read({ since: serials[1]!, limit: 10 }), [2, 3])
      assert.deepEqual(await read({ since: 0, limit: 3 }), [0, 1, 2])
      assert.deepEqual(await read({ since: 0, limit: 10, projectId: two.id }), [1, 3])
      assert.deepEqual(await read({ since: serials[3]!, limit: 10 }), [])
    })

    it('keep the totals, and the size and serial of the project', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const project = await addProject(db)
      const about = { at, actor, project, version: '1.0' }
      const file = { ...about, filename: 'demo.whl' }
      const published = { kind: 'sdist' as const, pythonTag: 'source', size: 700, sha256: 'f' }
      const [, , , last] = await record(
        db,
        { type: 'project-created', at, actor, project, facts: {} },
        { type: 'release-created', ...about, facts: {} },
        { type: 'file-published', ...file, facts: published },
        { type: 'file-published', ...file, facts: { ...published, size: 11 } },
      )
      const totals = { projects: 1, releases: 1, files: 2, bytes: 711 }
      assert.deepEqual(await readTotals(domain), totals)
      assert.deepEqual(await sizeAndSerial(db), { size: 711, last_serial: last })
      await record(db, { type: 'file-deleted', ...file, facts: { size: 700, sha256: 'f' } })
      assert.deepEqual(await readTotals(domain), { ...totals, files: 1, bytes: 11 })
      await record(db, { type: 'release-deleted', ...about, facts: { files: 1, bytes: 11 } })
      assert.equal((await sizeAndSerial(db))?.size, 0)
      const counts = { releases: 0, files: 0, bytes: 0 }
      await record(db, { type: 'project-deleted', at, actor, project, facts: counts })
      const none = { projects: 0, releases: 0, files: 0, bytes: 0 }
      assert.deepEqual(await readTotals(domain), none)
    })

    it('go with the change that fails', async () => {
      await using db = await open()
      const domain = testDomain(db)
      const project = await addProject(db)
      const failing = transact(db, async (tx) => {
        await recordEvent(tx, { type: 'project-created', at, actor, project, facts: {} })
        throw new Error('on purpose')
      })
      await assert.rejects(failing, /on purpose/)
      assert.equal(await lastSerial(domain), 0)
      assert.equal((await readTotals(domain)).projects, 0)
      assert.deepEqual(await sizeAndSerial(db), { size: 0, last_serial: 0 })
    })
  })
})

eachSharedDatabase((name, open) => {
  describe(`serials of several processes: ${name}`, () => {
    it('never show a number before a smaller one', async () => {
      await using db = await open()
      await using other = await openAgain(db)
      const project = await addProject(db)
      const create: NewEvent = { type: 'project-created', at, actor, project, facts: {} }
      let writing = true
      const writers = Promise.all(
        Array.from({ length: 60 }, (_, n) =>
          transact(n % 2 ? db : other, async (tx) => {
            await recordEvent(tx, create)
            // A slow transaction must hold back all that come after it.
            await new Promise((resolve) => setTimeout(resolve, n % 3))
            await recordEvent(tx, create)
          }),
        ),
      ).finally(() => {
        writing = false
      })
      const seen: number[] = []
      const domain = testDomain(db)
      while (writing) {
        const events = await readEvents(domain, { since: seen.at(-1) ?? 0, limit: 1000 })
        seen.push(...events.map((event) => event.serial))
        await new Promise((resolve) => setImmediate(resolve))
      }
      await writers
      const rest = await readEvents(domain, { since: seen.at(-1) ?? 0, limit: 1000 })
      seen.push(...rest.map((event) => event.serial))
      assert.equal(seen.length, 120, 'a follower of the log missed events')
      assert.equal((await readTotals(domain)).projects, 120)
    })
  })
})

async function record(db: Database, ...events: NewEvent[]): Promise<number[]> {
  return transact(db, async (tx: Tx) => {
    const serials: number[] = []
    for (const event of events) serials.push(await recordEvent(tx, event))
    return serials
  })
}

async function addProject(db: Database, name = 'Demo'): Promise<{ id: number; name: string }> {
  const names = { name, normalized_name: name.toLowerCase(), look_alike_key: name }
  const { id } = await db
    .insertInto('projects')
    .values({
      ...names,
      status: 'active',
      status_reason: null,
      last_serial: 0,
      size: 0,
      created_at: at.toISOString(),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, name }
}

function sizeAndSerial(db: Database) {
  return db.selectFrom('projects').select(['size', 'last_serial']).executeTakeFirst()
}
