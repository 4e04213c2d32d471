/** What `--help` prints, made from the same tables that parse. */

import type { Command } from './command.ts'
import { commandNames } from './commands/mod.ts'
import { globalOptions } from './options/global-options.ts'
import { optionsBeside } from './options/known-options.ts'
import type { Option, OptionTable } from './options/option.ts'

/** Columns that names of options get before their help starts. */
const nameColumns = 34

export function programHelp(width = 100): string {
  const names = Math.max(...commandNames.map(([name]) => name.length))
  const lines = commandNames.map(([name, summary]) =>
    hang(`  ${name.padEnd(names)}  `, summary, width),
  )
  const end = `cheese COMMAND --help shows what a command takes. "cheese pip COMMAND" is the same. Every option is also a variable (--index-url is CHEESE_INDEX_URL, and PIP_INDEX_URL) and a line of cheese.toml. The beginning of an option's name will do where it can mean only one.`
  return `cheese installs, upgrades, locks and publishes Python projects.

Usage: cheese COMMAND [OPTIONS]

Commands:
${lines.join('\n')}

${hang('', end, width)}`
}

export function commandHelp(name: string, command: Command, width = 100): string {
  const everywhere = section('Everywhere', optionsBeside(command.options), width)
  return [ownHelp(name, command, width), ...everywhere].join('\n\n')
}

/** Without the options of every command. */
export function ownHelp(name: string, command: Command, width = 100): string {
  const usage = `cheese ${name} [OPTIONS] ${command.operands}`.trim()
  const refused = Object.keys(command.refused).map((each) => `--${each}`)
  const refusal = `Not supported (each says why when it is given): ${refused.join(', ')}`
  return [
    hang('', command.summary, width),
    `Usage: ${usage}`,
    ...section('Options', command.options, width),
    ...(refused.length > 0 ? [hang('', refusal, width)] : []),
  ].join('\n\n')
}

export function everywhereHelp(width = 100): string {
  return section('Everywhere', globalOptions, width).join('')
}

function section(title: string, options: OptionTable, width: number): string[] {
  const lines = Object.entries(options).map(([name, option]) => {
    const spelled = `  ${spelling(name, option)} `
    if (spelled.length <= nameColumns + 3)
      return hang(spelled.padEnd(nameColumns + 3), option.help, width)
    return `${spelled.trimEnd()}\n${hang(' '.repeat(nameColumns + 3), option.help, width)}`
  })
  return lines.length > 0 ? [`${title}:\n${lines.join('\n')}`] : []
}

function spelling(name: string, option: Option): string {
  const short = option.short ? `-${option.short}, ` : ''
  const placeholder = 'placeholder' in option ? ` ${option.placeholder}` : ''
  return `${short}--${name}${placeholder}`
}

/** A text beside its head, over as many lines as it takes; what is too long for any line stays whole. */
function hang(head: string, text: string, width: number): string {
  const room = Math.max(width - head.length, 30)
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > room) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines.map((line, at) => (at === 0 ? head : ' '.repeat(head.length)) + line).join('\n')
}
