/** What a shell can complete: commands, their options and the values of those, from the tables that parse them. */

import type { Command } from '../command.ts'
import { knownOptionsOf } from '../options/known-options.ts'
import type { Option } from '../options/option.ts'

export interface CompletedCommand {
  readonly name: string
  readonly summary: string
  readonly options: readonly CompletedOption[]
  /** Whether its words name installed projects. */
  readonly namesInstalled: boolean
  /** The first of its words may be one of these: `dir`, `info`, ... */
  readonly actions: readonly string[]
}

export interface CompletedOption {
  /** All long names, without hyphens. */
  readonly long: readonly string[]
  readonly short: string | undefined
  readonly help: string
  /** Undefined for a flag; no choices: whatever there is, files for want of something better. */
  readonly choices: readonly string[] | undefined
  readonly mayRepeat: boolean
}

const namingInstalled = new Set(['uninstall', 'show', 'upgrade', 'tree', 'why'])

export function readCompletions(commands: ReadonlyMap<string, Command>): CompletedCommand[] {
  return [...commands].map(([name, command]) => {
    const { table } = knownOptionsOf(command)
    const options = Object.entries(table).map(([long, option]) => describe(long, option))
    const namesInstalled = namingInstalled.has(name)
    const actions = actionsIn(command.operands)
    return { name, summary: command.summary, options, namesInstalled, actions }
  })
}

/** Operands that stand for something are written in capitals; actions are written as they are said. */
function actionsIn(operands: string): string[] {
  return operands
    .replace(/^\[(.*)\]$/, '$1')
    .split('|')
    .flatMap((each) => /^[a-z]+(?= |$)/.exec(each.trim())?.[0] ?? [])
}

function describe(name: string, option: Option): CompletedOption {
  const takesValue = option.kind === 'text' || option.kind === 'list'
  const negative = option.kind === 'flag' && option.negative ? [option.negative] : []
  return {
    long: [name, ...(option.aliases ?? []), ...negative],
    short: option.short,
    help: option.help,
    choices: takesValue ? (option.kind === 'text' && option.choices) || [] : undefined,
    mayRepeat: option.kind === 'list' || option.kind === 'count',
  }
}
