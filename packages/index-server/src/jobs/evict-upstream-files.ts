/** Keeps the files of upstreams within the limits that the operator set. */
import {
  type CacheLimits,
  evictFiles,
  evictFilesType,
} from '../domain/upstream/cache/evict-files.ts'
import type { Job } from './job.ts'

const HOUR_MS = 3_600_000

export function evictUpstreamFilesJob(limits: CacheLimits): Job {
  return {
    type: evictFilesType,
    every: HOUR_MS,
    run: async ({ domain, signal }) => void (await evictFiles(domain, limits, signal)),
  }
}
