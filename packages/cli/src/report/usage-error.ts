/** What the person at the keyboard can put right: a message, and what to do next. */

import type { ExitCode } from '../command.ts'

export class UsageError extends Error {
  override readonly name: string = 'UsageError'
  readonly exitCode: ExitCode = 1
  readonly hints: readonly string[]

  constructor(message: string, ...hints: string[]) {
    super(message)
    this.hints = hints
  }
}

/** An option that is not there, or a value that it cannot have: ends with 2, as pip does. */
export class OptionError extends UsageError {
  override readonly name = 'OptionError'
  override readonly exitCode = 2
}

/** --require-virtualenv asks for one, and there is none: ends with 3, as pip does. */
export class NoVirtualEnvironment extends UsageError {
  override readonly name = 'NoVirtualEnvironment'
  override readonly exitCode = 3
}
