/** The background jobs, with their outcomes told to the log. */
import type { Config } from './config/settings.ts'
import type { Domain } from './domain/domain.ts'
import { type JobSettings, standardJobs } from './jobs/standard-jobs.ts'
import { startWorker, type Worker } from './jobs/worker.ts'
import type { Log } from './log.ts'

export function startJobs(domain: Domain, config: Config, log: Log): Worker {
  return startWorker(domain, {
    jobs: standardJobs(jobSettings(config)),
    report: ({ type, result, error, ...facts }) => {
      if (error === undefined) log.debug(`The job ${type} is done.`, { result, ...facts })
      else log.error(`The job ${type} failed.`, { error: textOf(error), ...facts })
    },
    reportTrouble: (error) => log.error('The job queue cannot be read.', { error: textOf(error) }),
  })
}

function jobSettings(config: Config): JobSettings {
  const { cacheMaxSize: size, cacheMaxAge: age } = config
  const { mirrorRequirements: requirements, mirrorLatest: latest } = config
  const { sweepAfterHours, discardAfterHours } = config
  return {
    sweepAfterHours,
    discardAfterHours,
    cacheLimits: { ...(size !== undefined && { size }), ...(age !== undefined && { age }) },
    ...((requirements !== undefined || config.mirrorProjects.length > 0) && {
      mirror: {
        ...(requirements !== undefined && { requirements }),
        ...(latest !== undefined && { latest }),
        projects: config.mirrorProjects,
        pythons: config.mirrorPython,
        platforms: config.mirrorPlatform,
      },
    }),
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
