/** Works on the queue; any number of processes may do so at once. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Domain } from '../domain/domain.ts'
import type { Job } from './job.ts'
import { type JobOutcome, runNextJob } from './run-job.ts'
import { scheduleJobs } from './schedule.ts'

export interface WorkerOptions {
  jobs: readonly Job[]
  /** Told of each run, so that somebody says or logs it. */
  report(outcome: JobOutcome): void
  /** Told when the queue itself cannot be read; the worker goes on trying. */
  reportTrouble(error: unknown): void
  /** How long to wait when there is nothing to do. Default: 2000. */
  pollMs?: number
}

export interface Worker {
  /** Lets the running job stop at its next step, and waits for it; what was not finished is run again. */
  close(): Promise<void>
}

export function startWorker(domain: Domain, options: WorkerOptions): Worker {
  const stop = new AbortController()
  const work = workUntil(stop.signal, domain, options)
  return {
    async close() {
      stop.abort()
      await work
    },
  }
}

async function workUntil(
  signal: AbortSignal,
  domain: Domain,
  options: WorkerOptions,
): Promise<void> {
  let isScheduled = false
  while (!signal.aborted) {
    let outcome: JobOutcome | undefined
    try {
      if (!isScheduled) await scheduleJobs(domain, options.jobs)
      isScheduled = true
      outcome = await runNextJob(domain, options.jobs, signal)
      if (outcome) options.report(outcome)
    } catch (error) {
      options.reportTrouble(error)
    }
    if (!outcome) await sleep(options.pollMs ?? 2000, undefined, { signal }).catch(() => {})
  }
}
