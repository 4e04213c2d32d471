/** How long to wait before asking again. */
import type { ClientError } from '../client-error.ts'

/** The longest a server may make us wait; beyond it the error is told at once. */
export const longestWaitMs = 60_000

/** Milliseconds, or undefined when there is no point in trying again. `attempt` counts from 0. */
export function retryDelay(
  error: ClientError,
  attempt: number,
  { retries, backoffMs }: { readonly retries: number; readonly backoffMs: number },
): number | undefined {
  if (!error.isTransient || attempt >= retries) return undefined
  const asked = error.retryAfterMs ?? 0
  if (asked > longestWaitMs) return undefined
  // Jitter between half and the whole, so that many clients do not come back together.
  const backoff = Math.min(backoffMs * 2 ** attempt, longestWaitMs) * (0.5 + Math.random() / 2)
  return Math.max(asked, backoff)
}

/** RFC 9110, 10.2.3: seconds, or a date. Undefined for anything else. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000
  const date = Date.parse(value.slice(0, 100))
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}
