/** What the person who typed the command can put right: a message and, when there is one, the next step. */
export class UsageError extends Error {
  readonly hint?: string

  constructor(message: string, hint?: string) {
    super(message)
    this.name = 'UsageError'
    if (hint !== undefined) this.hint = hint
  }
}
