/** From the words of a command line to a command and its exit code. */

import { resolve } from 'node:path'
import type { Command, ExitCode } from './command.ts'
import { commandNames, findCommand } from './commands/mod.ts'
import { commandHelp, programHelp } from './help.ts'
import { globalOptions } from './options/global-options.ts'
import { knownOptionsOf, splitAtCommand } from './options/known-options.ts'
import type { ValuesOf } from './options/option.ts'
import { readArguments } from './options/read-arguments.ts'
import { explain } from './report/explain.ts'
import { openLog } from './report/log-file.ts'
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
): Promise<number> {
  const printer = new Printer(surroundings.terminal)
  try {
    // `cheese pip install` is `cheese install`, so that scripts and habits carry over.
    const { name, args } = askingForHelp(
      splitAtCommand(words[0] === 'pip' ? words.slice(1) : words),
    )
    if (name === undefined || name === 'help' || name === '-h' || name === '--help') {
      printer.data(programHelp(helpWidth(surroundings.terminal)))
      return name === undefined ? 1 : 0
    }
    if (name === '--version' || name === '-V') {
      printer.data(`cheese ${version}`)
      return 0
    }
    const command = await findCommand(name)
    if (command === undefined) throw await unknownCommand(name)
    return await runCommand({ name, command, args, surroundings })
  } catch (error) {
    return fail(error, printer)
  }
}

async function unknownCommand(name: string): Promise<UsageError> {
  const { similarNames } = await import('@cheeseshop/resolver')
  const near = similarNames(
    name,
    commandNames.map(([each]) => each),
  )
  const meant = near.length > 0 ? [`perhaps ${near.join(' or ')} is meant`] : []
  const message = `there is no command ${JSON.stringify(name.slice(0, 80))}`
  return new UsageError(message, ...meant, 'cheese --help lists them')
}

/** `cheese help install` is `cheese install --help`. */
function askingForHelp(asked: ReturnType<typeof splitAtCommand>): typeof asked {
  const [command] = asked.args
  if (asked.name !== 'help' || command === undefined) return asked
  return { name: command, args: ['--help'] }
}

interface CommandCall {
  readonly name: string
  readonly command: Command
  readonly args: readonly string[]
  readonly surroundings: Surroundings
}

async function runCommand({ name, command, args, surroundings }: CommandCall): Promise<number> {
  const { terminal, folder } = surroundings
  const { environment } = terminal
  const known = knownOptionsOf(command)
  const { given, words } = readArguments(known, args)
  const [python] = given.get('python') ?? []
  const prefix = guessPrefix({ folder, environment, python: python as string | undefined })
  const isIsolated = given.has('isolated')
  const warnings: string[] = []
  const warn = (message: string) => warnings.push(message)
  const sources = findSources({ command: name, environment, folder, prefix, isIsolated, warn })
  const values: ValuesOf<typeof globalOptions> = readSettings(
    { ...globalOptions, ...command.options },
    given,
    sources,
  )
  const log =
    values.log === undefined
      ? undefined
      : openLog(resolve(folder, values.log), (message) => printer.warning(message))
  const printer = new Printer(terminal, {
    verbosity: values.verbose - values.quiet,
    colour: values['no-color'] ? 'never' : 'auto',
    isCalm: values['progress-bar'] === 'off' || values['progress-bar'] === 'raw',
    log,
  })
  for (const message of warnings) printer.warning(message)
  if (values.help) {
    printer.data(commandHelp(name, command, helpWidth(terminal)))
    return 0
  }
  const session = new Session({
    printer,
    folder,
    prefix,
    environment,
    words,
    given,
    sources,
    values,
    needsVirtual: values['require-virtualenv'] && !command.onlyLooks,
  })
  try {
    return (await command.run(session, values as never)) ?? 0
  } catch (error) {
    if (values.debug && error instanceof Error) printer.failure(error.stack ?? error.message, [])
    return fail(error, printer)
  } finally {
    session.close()
  }
}

/** Lines that are much longer are hard to read, whatever the terminal has room for. */
function helpWidth({ out }: Terminal): number {
  return Math.min(out.columns ?? 100, 100)
}

/** Says what went wrong; the exit code tells whose fault it is. */
export function fail(error: unknown, printer: Printer): ExitCode {
  const { message, hints, code } = explain(error)
  printer.failure(message, hints)
  return code
}
