/** Whether an upstream is worth asking: after failures in a row it is left in peace for a while, and what we have is served at once. */
import { ClientError } from '@cheeseshop/client'

const FAILURES = 3
const FIRST_REST_MS = 5_000
const LONGEST_REST_MS = 60_000
/** The longest an upstream may send us away with Retry-After. */
export const longestRetryAfterMs = 600_000

export interface Rest {
  readonly until: number
  readonly error: string
}

export class Outage {
  #failures = 0
  #rest: Rest | undefined

  /** Until when it is not to be asked, and why. */
  restAt(now: number): Rest | undefined {
    return this.#rest && now < this.#rest.until ? this.#rest : undefined
  }

  worked(): void {
    this.#failures = 0
    this.#rest = undefined
  }

  failed(error: unknown, now: number): void {
    if (!(error instanceof ClientError)) return
    if (error.retryAfterMs !== undefined) {
      const wait = Math.min(error.retryAfterMs, longestRetryAfterMs)
      this.#rest = { until: now + wait, error: error.message }
      return
    }
    if (!silences.has(error.code)) {
      this.worked()
      return
    }
    this.#failures += 1
    if (this.#failures < FAILURES) return
    const wait = Math.min(FIRST_REST_MS * 2 ** (this.#failures - FAILURES), LONGEST_REST_MS)
    this.#rest = { until: now + wait, error: error.message }
  }
}

/** It did not answer at all; any answer, however wrong, shows that it is there. */
const silences = new Set(['connection', 'timeout', 'tls', 'proxy'])
