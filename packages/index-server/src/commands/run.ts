/** From the words on the command line to a command and its exit code: 0 done, 1 yours to put right, 2 our fault. */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/load-config.ts'
import { flagName, settingKeys, settingOf } from '../config/settings.ts'
import { widest } from '../config/settings-page.ts'
import { UsageError } from '../config/usage-error.ts'
import { DomainError } from '../domain/errors.ts'
import { redact } from '../log.ts'
import type { Command } from './command.ts'
import { commandHelp, programHelp } from './help.ts'
import { ProgressLine, type Screen } from './progress-line.ts'

export interface Terminal {
  out(line: string): void
  error(line: string): void
  /** Absent where nobody watches. */
  screen?: Screen
  environment: Readonly<Record<string, string | undefined>>
}

export async function runCommand(
  commands: readonly Command[],
  words: readonly string[],
  terminal: Terminal,
): Promise<0 | 1 | 2> {
  if (words.length === 0) {
    terminal.error(programHelp(commands, helpWidth(terminal)))
    return 1
  }
  try {
    await dispatch(commands, words, terminal)
    return 0
  } catch (error) {
    return explain(error, terminal)
  }
}

async function dispatch(
  commands: readonly Command[],
  words: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const found = findCommand(commands, words)
  if (found === undefined) {
    if (wantsHelp(words)) return terminal.out(programHelp(commands, helpWidth(terminal)))
    if (words[0] === '--version') return terminal.out(readVersion())
    throw await unknownCommand(commands, words)
  }
  const { command, rest } = found
  if (wantsHelp(rest)) return terminal.out(commandHelp(command, helpWidth(terminal)))
  const { flags, operands } = readArguments(command, rest)
  const file = flags.get('config')
  const config = loadConfig({
    flags,
    environment: terminal.environment,
    ...(file !== undefined && { file }),
    defaultFile: 'cheeseshop.toml',
  })
  checkOperandCount(command, operands)
  const options = readOptions(command, flags)
  const progress = new ProgressLine({
    screen: terminal.screen,
    line: terminal.error,
    now: () => performance.now(),
  })
  const print = (line: string) => {
    progress.clear()
    terminal.out(line)
  }
  try {
    await command.run({ config, options, operands, print, progress })
  } finally {
    progress.clear()
  }
}

/** What does not fit is broken by the terminal, in the middle of words. */
function helpWidth({ screen }: Terminal): number {
  return Math.max(60, Math.min(screen?.columns() ?? widest, widest))
}

function readVersion(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}

/** The command with the most words wins: `token create` over `token`. */
function findCommand(
  commands: readonly Command[],
  words: readonly string[],
): { command: Command; rest: string[] } | undefined {
  for (const count of [2, 1]) {
    const command = commands.find(({ name }) => name === words.slice(0, count).join(' '))
    if (command) return { command, rest: words.slice(count) }
  }
  return undefined
}

function wantsHelp(words: readonly string[]): boolean {
  return words.some((word) => word === '--help' || word === '-h')
}

function readArguments(command: Command, words: readonly string[]) {
  const names = [...settingKeys.map(flagName), ...Object.keys(command.options), 'config']
  const isSwitch = (name: string) =>
    Object.hasOwn(command.options, name)
      ? command.options[name]?.type.placeholder === ''
      : settingKeys.some((key) => flagName(key) === name && settingOf(key).type.placeholder === '')
  const options = Object.fromEntries(
    names.map((name) => {
      const short = Object.hasOwn(command.options, name) ? command.options[name]?.short : undefined
      const type = isSwitch(name) ? 'boolean' : 'string'
      return [name, { type, ...(short !== undefined && { short }) } as const]
    }),
  )
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options,
      allowPositionals: true,
      allowNegative: true,
    })
    const flags = Object.entries(values).map(([name, value]) => [name, String(value)] as const)
    return { flags: new Map(flags), operands: positionals }
  } catch (error) {
    const [message = ''] = (error as Error).message.split('. ')
    throw new UsageError(message, `cheeseshop ${command.name} --help shows what it takes.`)
  }
}

function readOptions(command: Command, flags: ReadonlyMap<string, string>) {
  const values = Object.entries(command.options).map(([name, option]) => {
    const text = flags.get(name)
    if (text === undefined) return [name, option.default]
    const value = option.type.parse(text)
    if (value === undefined) {
      throw new UsageError(
        `--${name}: ${JSON.stringify(text.slice(0, 80))} is not ${option.type.expected}`,
        option.help,
      )
    }
    return [name, value]
  })
  return Object.fromEntries(values)
}

/** `PROJECT [VERSION]`: at least one, at most two. */
function checkOperandCount(command: Command, operands: readonly string[]): void {
  const expected = command.operands.split(' ').filter((word) => word !== '')
  const least = expected.filter((word) => !word.startsWith('[')).length
  if (operands.length >= least && operands.length <= expected.length) return
  const usage = `cheeseshop ${command.name} ${command.operands}`.trim()
  throw new UsageError(
    operands.length < least
      ? `${command.name} needs ${expected[operands.length]}`
      : `${command.name} does not take ${JSON.stringify(operands[expected.length]?.slice(0, 80))}`,
    `It is used as: ${usage}`,
  )
}

/** Its first word may be right, or nearly so; of all there are too many to name. */
async function unknownCommand(
  commands: readonly Command[],
  words: readonly string[],
): Promise<UsageError> {
  const typed = words.slice(0, 2).join(' ').slice(0, 80)
  const { similarNames } = await import('@cheeseshop/resolver')
  const near = (name: string, known: string[]) => similarNames(name, new Set(known))
  const names = commands.map(({ name }) => name)
  const groups = names.map((name) => name.split(' ')[0]!)
  const word = typed.split(' ')[0]!
  const group = groups.includes(word) ? word : near(word, groups)[0]
  const some = names.filter((name) => name === group || name.startsWith(`${group} `))
  const meant = [...new Set([...near(typed, names), ...some])]
  const hint = meant.length > 0 ? `Perhaps ${meant.join(', ')}. ` : ''
  return new UsageError(
    `there is no command ${JSON.stringify(typed)}`,
    `${hint}cheeseshop --help lists the commands.`,
  )
}

function explain(error: unknown, terminal: Terminal): 1 | 2 {
  if (error instanceof UsageError || error instanceof DomainError) {
    terminal.error(`error: ${redact(error.message)}`)
    if (error instanceof UsageError && error.hint) terminal.error(`\nhint: ${error.hint}`)
    return 1
  }
  const { code, syscall, message = String(error), stack = message } = error as NodeJS.ErrnoException
  // What the operating system refuses is mostly a port in use, a folder that may not be written, a database that is down.
  if (code !== undefined && syscall !== undefined) {
    terminal.error(`error: ${redact(message)}`)
    terminal.error(
      `\nhint: ${systemHints.get(code) ?? 'Check the settings; cheeseshop serve --help lists them.'}`,
    )
    return 1
  }
  terminal.error(redact(stack))
  terminal.error('\nhint: this is a fault in cheeseshop; please report it with the lines above.')
  return 2
}

const systemHints = new Map([
  [
    'EADDRINUSE',
    'Something listens there already; choose another with --port, or --port 0 for any.',
  ],
  ['EADDRNOTAVAIL', 'This machine has no such address; choose another with --host.'],
  [
    'EACCES',
    'The index may not do that here; check who owns the folder, or take a port above 1023.',
  ],
  ['ENOSPC', 'The disk is full.'],
])
