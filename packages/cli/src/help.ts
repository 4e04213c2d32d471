/** What `--help` prints, made from the same tables that parse. */

import type { Command } from './command.ts'
import { commandNames } from './commands/mod.ts'
import { globalOptions } from './options/global-options.ts'
import type { Option, OptionTable } from './options/option.ts'

export function programHelp(): string {
  const width = Math.max(...commandNames.map(([name]) => name.length))
  const lines = commandNames.map(([name, summary]) => `  ${name.padEnd(width)}  ${summary}`)
  return `cheese installs, upgrades, locks and publishes Python projects.

Usage: cheese COMMAND [OPTIONS]

Commands:
${lines.join('\n')}

cheese COMMAND --help shows what a command takes. "cheese pip COMMAND" is the same. Every option
is also a variable (--index-url is CHEESE_INDEX_URL, and PIP_INDEX_URL) and a line of cheese.toml.`
}

export function commandHelp(name: string, command: Command): string {
  const usage = `cheese ${name} [OPTIONS] ${command.operands}`.trim()
  const refused = Object.keys(command.refused).map((each) => `--${each}`)
  return [
    command.summary,
    `Usage: ${usage}`,
    ...section('Options', command.options),
    ...section('Everywhere', globalOptions),
    ...(refused.length > 0
      ? [`Not supported (each says why when it is given): ${refused.join(', ')}`]
      : []),
  ].join('\n\n')
}

function section(title: string, options: OptionTable): string[] {
  const lines = Object.entries(options).map(([name, option]) => {
    return `  ${spelling(name, option).padEnd(34)} ${option.help}`
  })
  return lines.length > 0 ? [`${title}:\n${lines.join('\n')}`] : []
}

function spelling(name: string, option: Option): string {
  const short = option.short ? `-${option.short}, ` : ''
  const placeholder = 'placeholder' in option ? ` ${option.placeholder}` : ''
  return `${short}--${name}${placeholder}`
}
