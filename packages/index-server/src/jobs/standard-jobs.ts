/** Every job the server runs. */
import type { CacheLimits } from '../domain/upstream/cache/evict-files.ts'
import { discardStagedJob } from './discard-staged.ts'
import { evictUpstreamFilesJob } from './evict-upstream-files.ts'
import type { Job } from './job.ts'
import { completeTwinsJob, makeTwinJob } from './make-twins.ts'
import { type MirrorSettings, mirrorJob } from './mirror.ts'
import { sweepBlobsJob } from './sweep-blobs.ts'

export interface JobSettings {
  /** Blobs that no file names are deleted when they are older. Default: 24. */
  sweepAfterHours?: number
  /** What is left of uploads that were cut off is deleted when it is older. Default: 24. */
  discardAfterHours?: number
  /** How much of upstreams is kept. Default: all. */
  cacheLimits?: CacheLimits
  /** What is brought here before anybody asks. Default: nothing. */
  mirror?: MirrorSettings
}

const HOUR_MS = 3_600_000

export function standardJobs(settings: JobSettings = {}): Job[] {
  return [
    sweepBlobsJob((settings.sweepAfterHours ?? 24) * HOUR_MS),
    discardStagedJob((settings.discardAfterHours ?? 24) * HOUR_MS),
    evictUpstreamFilesJob(settings.cacheLimits ?? {}),
    ...(settings.mirror ? [mirrorJob(settings.mirror)] : []),
    makeTwinJob,
    completeTwinsJob,
  ]
}
