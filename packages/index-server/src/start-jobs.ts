/** The background jobs, with their outcomes told to the log. */
import type { Domain } from './domain/domain.ts'
import { standardJobs } from './jobs/standard-jobs.ts'
import { startWorker, type Worker } from './jobs/worker.ts'
import type { Log } from './log.ts'

export function startJobs(domain: Domain, log: Log): Worker {
  return startWorker(domain, {
    jobs: standardJobs(),
    report: ({ type, result, error, ...facts }) => {
      if (error === undefined) log.debug(`The job ${type} is done.`, { result, ...facts })
      else log.error(`The job ${type} failed.`, { error: textOf(error), ...facts })
    },
    reportTrouble: (error) => log.error('The job queue cannot be read.', { error: textOf(error) }),
  })
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
