/** Why a build did not come to be: a stable code, what the backend said last, and what to do next. */

export type BuildErrorCode =
  /** The sources cannot be read, or are not what they were said to be. */
  | 'bad-source'
  | 'bad-pyproject'
  | 'git'
  /** No versions satisfy what the backend requires. */
  | 'requirements'
  /** There is no such backend, or it lacks a hook that is needed. */
  | 'backend-missing'
  | 'hook-missing'
  /** The backend ended with an error, or with something else than was asked for. */
  | 'backend-failed'
  | 'bad-result'
  | 'timeout'
  | 'cancelled'
  /** A project needs itself to be built. */
  | 'cycle'

export interface BuildErrorFacts {
  readonly hint?: string
  readonly hints?: readonly string[]
  readonly log?: BuildLog
  readonly cause?: unknown
}

export interface BuildLog {
  /** The file with everything that was said. */
  readonly path: string
  /** The last lines of it. */
  readonly tail: string
}

export class BuildError extends Error {
  override readonly name = 'BuildError'
  readonly code: BuildErrorCode
  /** What can be done about it, as sentences. */
  readonly hints: readonly string[]
  readonly log?: BuildLog

  constructor(code: BuildErrorCode, message: string, facts: BuildErrorFacts = {}) {
    super(message, facts.cause === undefined ? {} : { cause: facts.cause })
    this.code = code
    this.hints = facts.hints ?? (facts.hint === undefined ? [] : [facts.hint])
    if (facts.log !== undefined) this.log = facts.log
  }
}

/** A foreign value as it may stand in a message. */
export function quoted(value: string): string {
  return JSON.stringify(value.length <= 120 ? value : `${value.slice(0, 120)}...`)
}
