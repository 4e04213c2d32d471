import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Database, transact } from '../database/database.ts'
import { eachDatabase, eachSharedDatabase, openAgain } from '../testing/each-database.ts'
import { testDomain } from '../testing/test-domain.ts'
import type { Job } from './job.ts'
import { enqueue, type NewJob } from './queue.ts'
import { type JobOutcome, runNextJob } from './run-job.ts'
import { scheduleJobs } from './schedule.ts'
import { startWorker } from './worker.ts'

const MINUTE = 60_000
const open = new AbortController().signal

eachDatabase((name, openDatabase) => {
  describe(`jobs: ${name}`, () => {
    it('runs a job once, with its payload, and takes it off the queue', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const { job, runs } = recorder()
      await add(db, { type: 'record', payload: { name: 'demo' }, now: domain.clock() })
      const outcome = await runNextJob(domain, [job], open)
      assert.equal(outcome?.result, 'done')
      assert.equal(await runNextJob(domain, [job], open), undefined)
      assert.deepEqual(runs, [{ name: 'demo' }])
      assert.deepEqual(await rows(db), [])
    })

    it('forgets a job whose transaction fails', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const failing = transact(db, async (tx) => {
        await enqueue(tx, { type: 'record', now: domain.clock() })
        throw new Error('on purpose')
      })
      await assert.rejects(failing)
      assert.deepEqual(await rows(db), [])
    })

    it('waits for the time it was enqueued for, oldest first', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const { job, runs } = recorder()
      const now = domain.clock()
      const at = (minutes: number) => new Date(now.getTime() + minutes * MINUTE)
      await add(db, { type: 'record', payload: 'second', now, runAt: at(10) })
      await add(db, { type: 'record', payload: 'first', now, runAt: at(5) })
      assert.equal(await runNextJob(domain, [job], open), undefined)
      domain.clock.advance(10 * MINUTE)
      while (await runNextJob(domain, [job], open)) {}
      assert.deepEqual(runs, ['first', 'second'])
    })

    it('keeps one waiting job per key, but adds one beside a running job', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const now = domain.clock()
      const again = { type: 'record', uniqueKey: 'demo', now }
      await add(db, again)
      await add(db, again)
      assert.equal((await rows(db)).length, 1)
      const job: Job = { type: 'record', run: async () => add(db, again) }
      assert.equal((await runNextJob(domain, [job], open))?.result, 'done')
      assert.equal((await rows(db)).length, 1)
    })

    it('tries again later and later, then keeps the failure for people to see', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      const job: Job = { type: 'fail', run: async () => Promise.reject(new Error('on purpose')) }
      await add(db, { type: 'fail', now: domain.clock() })
      const results: string[] = []
      const waits: number[] = []
      for (let minutes = 0; results.at(-1) !== 'failed'; minutes++) {
        assert.ok(minutes < 10_000, 'it never gave up')
        const outcome = await runNextJob(domain, [job], open)
        if (outcome) waits.push(minutes)
        if (outcome) results.push(outcome.result)
        domain.clock.advance(MINUTE)
      }
      assert.deepEqual(results, [...Array(9).fill('will-retry'), 'failed'])
      assert.deepEqual(waits, [0, 1, 2, 4, 8, 16, 32, 64, 128, 256])
      const [row] = await rows(db)
      assert.match(row!.last_error!, /on purpose/)
      assert.notEqual(row!.failed_at, null)
    })

    it('leaves jobs alone that it does not know', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      await add(db, { type: 'of-a-newer-version', now: domain.clock() })
      assert.equal(await runNextJob(domain, [recorder().job], open), undefined)
    })

    it('runs a job again whose worker died, until it has died too often', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      await add(db, { type: 'record', now: domain.clock() })
      const dead = { attempts: 10, leased_until: domain.clock().toISOString() }
      await db.updateTable('jobs').set(dead).execute()
      domain.clock.advance(1)
      const { job, runs } = recorder()
      assert.equal((await runNextJob(domain, [job], open))?.result, 'failed')
      assert.deepEqual(runs, [])
    })

    it('moves a scheduled job on, also when it fails', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      let fails = false
      const run = async () => (fails ? Promise.reject(new Error('on purpose')) : undefined)
      const job: Job = { type: 'daily', every: 24 * 60 * MINUTE, run }
      await scheduleJobs(domain, [job])
      await scheduleJobs(domain, [job])
      assert.equal((await rows(db)).length, 1)
      assert.equal((await runNextJob(domain, [job], open))?.result, 'done')
      assert.equal(await runNextJob(domain, [job], open), undefined)
      domain.clock.advance(24 * 60 * MINUTE)
      fails = true
      assert.equal((await runNextJob(domain, [job], open))?.result, 'will-retry')
      fails = false
      domain.clock.advance(MINUTE)
      assert.equal((await runNextJob(domain, [job], open))?.result, 'done')
      assert.equal((await rows(db)).length, 1)
    })

    it('gives a job back that is stopped half way', async () => {
      await using db = await openDatabase()
      const domain = testDomain(db)
      await add(db, { type: 'long', now: domain.clock() })
      const started = Promise.withResolvers<void>()
      const job: Job = {
        type: 'long',
        async run({ signal }) {
          started.resolve()
          await new Promise((_, reject) => signal.addEventListener('abort', reject))
        },
      }
      const outcomes: JobOutcome[] = []
      const report = (outcome: JobOutcome) => outcomes.push(outcome)
      const worker = startWorker(domain, { jobs: [job], report, reportTrouble: assert.fail })
      await started.promise
      await worker.close()
      assert.deepEqual(
        outcomes.map((outcome) => outcome.result),
        ['stopped'],
      )
      const [row] = await rows(db)
      assert.equal(row!.attempts, 0)
      assert.equal(row!.leased_until, null)
    })
  })
})

eachSharedDatabase((name, openDatabase) => {
  describe(`jobs of several processes: ${name}`, () => {
    it('gives each job to one of them', async () => {
      await using db = await openDatabase()
      await using other = await openAgain(db)
      const { job, runs } = recorder()
      for (let n = 0; n < 20; n++)
        await add(db, { type: 'record', payload: n, now: testDomain(db).clock() })
      await Promise.all(
        [db, other, db, other].map(async (each) => {
          while (await runNextJob(testDomain(each), [job], open)) {}
        }),
      )
      assert.deepEqual(
        (runs as number[]).sort((a, b) => a - b),
        Array.from({ length: 20 }, (_, n) => n),
      )
    })

    it('leaves a job to the worker that has taken it over', async () => {
      await using db = await openDatabase()
      await using other = await openAgain(db)
      const slow = testDomain(db)
      const late = testDomain(other)
      late.clock.advance(10 * MINUTE)
      await add(db, { type: 'slow', now: slow.clock() })
      const job: Job = {
        type: 'slow',
        async run({ domain }) {
          if (domain.db === db) {
            assert.equal((await runNextJob(late, [job], open))?.result, 'done')
          }
        },
      }
      assert.equal((await runNextJob(slow, [job], open))?.result, 'lost')
      assert.deepEqual(await rows(db), [])
    })
  })
})

function recorder(): { job: Job; runs: unknown[] } {
  const runs: unknown[] = []
  return { job: { type: 'record', run: async ({ payload }) => void runs.push(payload) }, runs }
}

function add(db: Database, job: NewJob): Promise<void> {
  return transact(db, (tx) => enqueue(tx, job))
}

function rows(db: Database) {
  return db.selectFrom('jobs').selectAll().execute()
}
