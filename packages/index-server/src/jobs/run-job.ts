/** Runs one job of the queue, and settles what becomes of it. */
import type { Domain } from '../domain/domain.ts'
import type { Job } from './job.ts'
import { changeJob, claimJob, type JobChange, type LeasedJob, removeJob } from './queue.ts'
import { isScheduled } from './schedule.ts'

export interface JobOutcome {
  id: number
  type: string
  /** `stopped`: the worker closed; `lost`: its lease ran out and another worker has it. Both are run again. */
  result: 'done' | 'will-retry' | 'failed' | 'stopped' | 'lost'
  milliseconds: number
  error?: unknown
}

const LEASE_MS = 60_000
const RENEW_MS = 20_000
const MOST_ATTEMPTS = 10
const FIRST_RETRY_MS = 30_000
const LONGEST_RETRY_MS = 6 * 3_600_000
const LONGEST_ERROR = 2000

/** Runs the job that has been due for longest; undefined when none is. */
export async function runNextJob(
  domain: Domain,
  jobs: readonly Job[],
  signal: AbortSignal,
): Promise<JobOutcome | undefined> {
  const now = domain.clock()
  const types = jobs.map((job) => job.type)
  const leased = await claimJob(domain.db, { types, now, leaseUntil: leaseFrom(now) })
  if (!leased) return undefined
  const job = jobs.find((job) => job.type === leased.type)!
  const started = performance.now()
  const end = await run(domain, job, leased, signal)
  const isOurs = await settle(domain, job, leased, end)
  return {
    id: leased.id,
    type: leased.type,
    result: isOurs ? end.result : 'lost',
    milliseconds: performance.now() - started,
    ...('error' in end && { error: end.error }),
  }
}

type End = { result: 'done' | 'stopped' } | { result: 'will-retry' | 'failed'; error: unknown }

async function run(
  domain: Domain,
  job: Job,
  leased: LeasedJob,
  closing: AbortSignal,
): Promise<End> {
  const lost = new AbortController()
  let renewing = Promise.resolve()
  const renewal = setInterval(() => {
    renewing = renew(domain, leased).catch(() => lost.abort())
  }, RENEW_MS)
  const signal = AbortSignal.any([closing, lost.signal])
  try {
    if (leased.attempts > MOST_ATTEMPTS) throw new Error('It ended its worker each time it ran.')
    await job.run({ domain, payload: JSON.parse(leased.payload), signal })
    return { result: 'done' }
  } catch (error) {
    if (closing.aborted) return { result: 'stopped' }
    return { result: leased.attempts < MOST_ATTEMPTS ? 'will-retry' : 'failed', error }
  } finally {
    clearInterval(renewal)
    await renewing
  }
}

async function renew({ db, clock }: Domain, leased: LeasedJob): Promise<void> {
  const leased_until = leaseFrom(clock()).toISOString()
  if (!(await changeJob(db, leased, { leased_until }))) throw new Error('The lease is lost.')
  leased.leased_until = leased_until
}

async function settle(domain: Domain, job: Job, leased: LeasedJob, end: End): Promise<boolean> {
  const now = domain.clock()
  const change = (change: JobChange) =>
    changeJob(domain.db, leased, { leased_until: null, run_at: now.toISOString(), ...change })
  const last_error = 'error' in end ? String(end.error).slice(0, LONGEST_ERROR) : null
  if (end.result === 'stopped') return change({ attempts: leased.attempts - 1 })
  if (end.result === 'will-retry') {
    return change({ run_at: after(now, retryDelay(leased.attempts)), last_error })
  }
  if (isScheduled(leased) && job.every !== undefined) {
    return change({ run_at: after(now, job.every), attempts: 0, last_error })
  }
  if (end.result === 'failed') return change({ failed_at: now.toISOString(), last_error })
  return removeJob(domain.db, leased)
}

function retryDelay(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS)
}

function leaseFrom(now: Date): Date {
  return new Date(now.getTime() + LEASE_MS)
}

function after(now: Date, milliseconds: number): string {
  return new Date(now.getTime() + milliseconds).toISOString()
}
