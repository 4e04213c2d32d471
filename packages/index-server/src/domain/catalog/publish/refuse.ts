/** Refuses an upload for everything that was found wrong. */
import { DomainError, type DomainErrorCode, type Problem } from '../../errors.ts'

const mostProblems = 100

/** DomainError with all problems, or the first hundred and how many more there are; nothing when there are none. */
export function refuse(
  problems: readonly Problem[],
  code: DomainErrorCode = 'upload-refused',
): void {
  if (problems.length === 0) return
  const told = problems.slice(0, mostProblems)
  const more = problems.length - told.length
  if (more > 0) told.push({ code: 'more-problems', message: `There are ${more} more problems.` })
  throw new DomainError(code, told)
}
