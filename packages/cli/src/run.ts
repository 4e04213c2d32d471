/** From the words of a command line to a command and its exit code. */

import type { Command, ExitCode } from './command.ts'
import { findCommand } from './commands/mod.ts'
import { commandHelp, programHelp } from './help.ts'
import { globalOptions, ignoredEverywhere, refusedEverywhere } from './options/global-options.ts'
import type { ValuesOf } from './options/option.ts'
import { readArguments } from './options/read-arguments.ts'
import { explain } from './report/explain.ts'
import { Printer, type Terminal } from './report/printer.ts'
import { UsageError } from './report/usage-error.ts'
import { Session } from './session.ts'
import { guessPrefix } from './settings/guess-prefix.ts'
import { findSources, readSettings } from './settings.ts'
import { version } from './version.ts'

export interface Surroundings {
  readonly terminal: Terminal
  readonly folder: string
}

export async function runProgram(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<ExitCode> {
  const printer = new Printer(surroundings.terminal)
  try {
    // `cheese pip install` is `cheese install`, so that scripts and habits carry over.
    const [name, ...rest] = words[0] === 'pip' ? words.slice(1) : words
    if (name === undefined || name === 'help' || name === '-h' || name === '--help') {
      printer.data(programHelp())
      return name === undefined ? 1 : 0
    }
    if (name === '--version' || name === '-V') {
      printer.data(`cheese ${version}`)
      return 0
    }
    const command = await findCommand(name)
    if (command === undefined)
      throw new UsageError(
        `there is no command ${JSON.stringify(name.slice(0, 80))}`,
        'cheese --help lists them',
      )
    return await runCommand({ name, command, args: rest, surroundings })
  } catch (error) {
    return fail(error, printer)
  }
}

interface CommandCall {
  readonly name: string
  readonly command: Command
  readonly args: readonly string[]
  readonly surroundings: Surroundings
}

async function runCommand({ name, command, args, surroundings }: CommandCall): Promise<ExitCode> {
  const { terminal, folder } = surroundings
  const { environment } = terminal
  const table = { ...globalOptions, ...command.options }
  const { given, words } = readArguments(
    {
      table,
      ignored: { ...ignoredEverywhere, ...command.ignored },
      refused: { ...refusedEverywhere, ...command.refused },
    },
    args,
  )
  const [python] = given.get('python') ?? []
  const prefix = guessPrefix({ folder, environment, python: python as string | undefined })
  const isIsolated = given.has('isolated')
  const sources = findSources({ command: name, environment, folder, prefix, isIsolated })
  const values: ValuesOf<typeof globalOptions> = readSettings(table, given, sources)
  const printer = new Printer(terminal, {
    verbosity: values.verbose - values.quiet,
    colour: values['no-color'] ? 'never' : 'auto',
  })
  if (values.help) {
    printer.data(commandHelp(name, command))
    return 0
  }
  const session = new Session({ printer, folder, environment, words, given, sources, values })
  try {
    return (await command.run(session, values as never)) ?? 0
  } catch (error) {
    return fail(error, printer)
  } finally {
    session.close()
  }
}

function fail(error: unknown, printer: Printer): ExitCode {
  const { message, hints, code } = explain(error)
  printer.failure(message, hints)
  return code
}
