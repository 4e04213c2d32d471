/** What a command is: its name, what it takes, and what it does. */

import type { OptionTable, OtherOptions, RefusedOptions, ValuesOf } from './options/option.ts'
import type { Session } from './session.ts'

export interface Command {
  readonly summary: string
  /** How its operands are written: `[REQUIREMENT]...`. */
  readonly operands: string
  readonly options: OptionTable
  /** pip's options without effect here, with the reason. */
  readonly ignored: OtherOptions
  /** pip's options that are not implemented, with the reason. */
  readonly refused: RefusedOptions
  /** The first operand ends the options: what follows is for another program. */
  readonly endsAtWord: boolean
  /** It changes nothing, and works outside of virtual environments whatever --require-virtualenv says, as in pip. */
  readonly onlyLooks: boolean
  /** The exit code: ours, or that of a program that was run. */
  run(session: Session, values: never): Promise<number | undefined>
}

/** pip's: 0 done, 1 the user can put it right, 2 our fault, 3 no environment, 23 nothing found. */
export type ExitCode = 0 | 1 | 2 | 3 | 23

export interface CommandDefinition<Table extends OptionTable> {
  readonly summary: string
  readonly operands?: string
  readonly options: Table
  readonly ignored?: OtherOptions
  readonly refused?: RefusedOptions
  readonly endsAtWord?: boolean
  readonly onlyLooks?: boolean
  run(session: Session, values: ValuesOf<Table>): Promise<number | undefined>
}

/** Ties the options of a command to the values that its `run` gets. */
export function defineCommand<const Table extends OptionTable>(
  definition: CommandDefinition<Table>,
): Command {
  const unsaid = { operands: '', ignored: {}, refused: {}, endsAtWord: false, onlyLooks: false }
  return { ...unsaid, ...definition }
}
