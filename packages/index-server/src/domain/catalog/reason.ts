/** The reason people give for a yank or a status. */
import { DomainError } from '../errors.ts'

const longestReason = 1000

/** One line without control characters, or undefined when nothing is said. DomainError `invalid` when it is too long. */
export function cleanReason(reason: string | undefined): string | undefined {
  const line = reason?.replace(/[\s\0-\x1f\x7f]+/g, ' ').trim()
  if (!line) return undefined
  if (line.length > longestReason) {
    throw new DomainError(
      'invalid',
      `The reason has ${line.length} characters; shorten it to ${longestReason}.`,
    )
  }
  return line
}
