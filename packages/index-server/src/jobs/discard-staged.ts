/** Discards the bytes of uploads that a crash cut off. */
import type { Job } from './job.ts'

const HOUR_MS = 3_600_000

/** `olderThanMs`: since the last byte came; younger ones may still be under way. */
export function discardStagedJob(olderThanMs: number): Job {
  return {
    type: 'discard-staged',
    every: HOUR_MS,
    async run({ domain }) {
      const before = new Date(domain.clock().getTime() - olderThanMs)
      await domain.blobs.discardStagedBefore(before)
    },
  }
}
