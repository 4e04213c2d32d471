/** Every job the server runs. */
import { discardStagedJob } from './discard-staged.ts'
import type { Job } from './job.ts'
import { sweepBlobsJob } from './sweep-blobs.ts'

export interface JobSettings {
  /** Blobs that no file names are deleted when they are older. Default: 24. */
  sweepAfterHours?: number
  /** What is left of uploads that were cut off is deleted when it is older. Default: 24. */
  discardAfterHours?: number
}

const HOUR_MS = 3_600_000

export function standardJobs(settings: JobSettings = {}): Job[] {
  return [
    sweepBlobsJob((settings.sweepAfterHours ?? 24) * HOUR_MS),
    discardStagedJob((settings.discardAfterHours ?? 24) * HOUR_MS),
  ]
}
