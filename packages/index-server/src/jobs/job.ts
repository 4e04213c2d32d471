/** A kind of background work: what it is called, what it does, and how often it comes by itself. */
import type { Domain } from '../domain/domain.ts'

export interface Job {
  readonly type: string
  /** Milliseconds from the end of one run to the next, for a job that comes by itself. */
  readonly every?: number
  /** Runs at least once per enqueued job, perhaps again after a crash; so twice must do no more than once. */
  run(context: JobContext): Promise<void>
}

export interface JobContext {
  readonly domain: Domain
  /** What `enqueue` was given. */
  readonly payload: unknown
  /** Aborted when the worker closes or lost the job; a long job stops between two steps, and is run again. */
  readonly signal: AbortSignal
}
