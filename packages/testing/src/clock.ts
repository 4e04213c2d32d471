/** A clock that stands still until a test moves it. */

export interface FixedClock {
  (): Date
  advance(milliseconds: number): void
}

/** Stands at 2026-01-02T03:04:05Z unless told otherwise. */
export function fixedClock(start = '2026-01-02T03:04:05.000Z'): FixedClock {
  let now = Date.parse(start)
  const clock = () => new Date(now)
  return Object.assign(clock, {
    advance(milliseconds: number) {
      now += milliseconds
    },
  })
}
