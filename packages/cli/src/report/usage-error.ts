/** What the person at the keyboard can put right: a message, and what to do next. */

export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly hints: readonly string[]

  constructor(message: string, ...hints: string[]) {
    super(message)
    this.hints = hints
  }
}
