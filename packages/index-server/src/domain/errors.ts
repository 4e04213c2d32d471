/** What the rules refuse: a stable code, a sentence, and facts; no status and no HTML. */

export interface Problem {
  /** Stable, kebab-case: `filename-invalid`, `digest-mismatch`. */
  code: string
  /** A sentence that names what was wrong, the value, and what to do. */
  message: string
  /** The form or metadata field it is about. */
  field?: string
}

export type DomainErrorCode =
  | 'upload-refused'
  | 'not-authenticated'
  | 'not-allowed'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'too-large'
  | 'too-many'
  | 'temporarily-off'

export class DomainError extends Error {
  readonly code: DomainErrorCode
  readonly problems: readonly Problem[]

  constructor(code: DomainErrorCode, problems: readonly Problem[] | string) {
    const list = typeof problems === 'string' ? [{ code, message: problems }] : problems
    super(list.map((problem) => problem.message).join('\n'))
    this.name = 'DomainError'
    this.code = code
    this.problems = list
  }
}
