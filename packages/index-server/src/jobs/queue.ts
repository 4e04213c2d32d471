/** The queue of background work: a table, so that a job is enqueued by the transaction that calls for it. */
import type { Database, Tx } from '../database/database.ts'
import type { JobRow } from '../database/schema.ts'

export interface NewJob {
  type: string
  /** Anything JSON can hold. */
  payload?: unknown
  /** While a job with this key waits, another is not added. */
  uniqueKey?: string
  now: Date
  /** Default: now. */
  runAt?: Date
}

/** The job runs after the transaction commits, and not at all if it does not. */
export async function enqueue(tx: Tx, job: NewJob): Promise<void> {
  if (job.uniqueKey !== undefined && (await isWaiting(tx, job.uniqueKey))) return
  await tx
    .insertInto('jobs')
    .values({
      type: job.type,
      payload: JSON.stringify(job.payload ?? null),
      unique_key: job.uniqueKey ?? null,
      run_at: (job.runAt ?? job.now).toISOString(),
      attempts: 0,
      leased_until: null,
      last_error: null,
      failed_at: null,
      created_at: job.now.toISOString(),
    })
    .execute()
}

/** A job that is running does not count: it may have read what was there before the change. */
async function isWaiting(tx: Tx, uniqueKey: string): Promise<boolean> {
  const row = await tx
    .selectFrom('jobs')
    .select('id')
    .where('unique_key', '=', uniqueKey)
    .where('leased_until', 'is', null)
    .where('failed_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** A job this process may run until the lease ends; `leased_until` proves that it still may. */
export type LeasedJob = JobRow & { leased_until: string }

export interface Claim {
  /** Only jobs this process knows how to run. */
  types: readonly string[]
  now: Date
  leaseUntil: Date
}

/** Takes the job that has been due for longest; one whose lease ran out is due again. */
export async function claimJob(db: Database, claim: Claim): Promise<LeasedJob | undefined> {
  const now = claim.now.toISOString()
  const due = db
    .selectFrom('jobs')
    .select('id')
    .where('failed_at', 'is', null)
    .where('run_at', '<=', now)
    .where('type', 'in', claim.types)
    .where((where) =>
      where.or([where('leased_until', 'is', null), where('leased_until', '<=', now)]),
    )
    .orderBy('run_at')
    .orderBy('id')
    .limit(1)
  // Looking costs less than taking: on SQLite a fruitless update would still ask for the write lock.
  if (!(await due.executeTakeFirst())) return undefined
  const claimed = await db
    .updateTable('jobs')
    .set((set) => ({
      leased_until: claim.leaseUntil.toISOString(),
      attempts: set('attempts', '+', 1),
    }))
    .where('id', '=', db.engine.name === 'postgres' ? due.forUpdate().skipLocked() : due)
    .returningAll()
    .executeTakeFirst()
  return claimed as LeasedJob | undefined
}

/** Takes a job off the queue; false when the lease was lost to another worker. */
export async function removeJob(db: Database, job: LeasedJob): Promise<boolean> {
  const removed = await db
    .deleteFrom('jobs')
    .where('id', '=', job.id)
    .where('leased_until', '=', job.leased_until)
    .returning('id')
    .executeTakeFirst()
  return removed !== undefined
}

export type JobChange = Partial<Omit<JobRow, 'id'>>

/** Changes a job; false when the lease was lost to another worker. */
export async function changeJob(db: Database, job: LeasedJob, change: JobChange): Promise<boolean> {
  const changed = await db
    .updateTable('jobs')
    .set(change)
    .where('id', '=', job.id)
    .where('leased_until', '=', job.leased_until)
    .returning('id')
    .executeTakeFirst()
  return changed !== undefined
}
