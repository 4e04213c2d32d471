/** A point in time as people write it: a date, a time, or an age. */

import { UsageError } from '../report/usage-error.ts'

const hour = 3_600_000
const units = new Map([
  ['w', 7 * 24 * hour],
  ['d', 24 * hour],
  ['h', hour],
  ['m', hour / 60],
])

/** `2026-01-31` (its beginning, in UTC), an ISO 8601 time, `P7D`, `PT12H`, `7 days`, `2w`. Throws `UsageError`. */
export function readMoment(text: string, now: Date): Date {
  const age = readAge(text.trim())
  if (age !== undefined) return new Date(now.getTime() - age)
  const isDate =
    /^\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?)?$/.test(
      text.trim(),
    )
  const moment = new Date(isDate ? text.trim() : Number.NaN)
  if (!Number.isNaN(moment.getTime())) return moment
  throw new UsageError(
    `${JSON.stringify(text.slice(0, 80))} is no point in time`,
    'write a date (2026-01-31), a time (2026-01-31T12:00:00Z) or an age (P7D)',
  )
}

function readAge(text: string): number | undefined {
  const iso = /^P(?:(\d{1,5})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,5})M)?)?$/i.exec(text)
  if (iso && text.length > 2) {
    const [, weeks, days, hours, minutes] = iso.map((part) => Number(part ?? 0))
    return ((weeks! * 7 + days!) * 24 + hours! + minutes! / 60) * hour
  }
  const plain = /^(\d{1,5})\s?(w|d|h|m)(?:eeks?|ays?|ours?|inutes?)?$/i.exec(text)
  return plain ? Number(plain[1]) * units.get(plain[2]!.toLowerCase())! : undefined
}
