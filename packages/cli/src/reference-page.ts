/** The page docs/reference/cheese.md: the help of every command, and what becomes of pip's other options. */

import type { Command } from './command.ts'
import { commandNames, findCommand } from './commands/mod.ts'
import { everywhereHelp, ownHelp, programHelp } from './help.ts'
import { ignoredEverywhere } from './options/global-options.ts'
import type { OtherOptions, RefusedOptions } from './options/option.ts'

export async function referencePage(): Promise<string> {
  const sections = commandNames.map(async ([name]) => sectionOf(name, (await findCommand(name))!))
  return [pageHead, fenced(programHelp()), everywhere(), ...(await Promise.all(sections))].join(
    '\n',
  )
}

const pageHead = `# The tool \`cheese\`

<!-- Made by \`node tools/cheese-page.ts\` from packages/cli/src/; do not edit. -->

What was asked for goes to standard output; what happens, warnings and errors go to standard error. A command ends with 0
when it is done, with 1 when something you can put right was in the way (the error says what, and \`hint:\` lines what to
do), with 2 for an option that is not there or a fault of ours, and \`search\` with 23 when there is nothing. Options mean
what they mean to pip; a few are taken without effect or refused, each for the reason below. \`--format json\` makes
every command print for programs.
`

function sectionOf(name: string, command: Command): string {
  return [
    `## cheese ${name}\n\n${fenced(ownHelp(name, command))}`,
    ...list('Taken without effect:', command.ignored),
    ...list('Refused:', command.refused),
  ].join('\n')
}

function everywhere(): string {
  const title = 'Taken everywhere without effect, because pip takes them:'
  return [fenced(everywhereHelp()), ...list(title, ignoredEverywhere)].join('\n')
}

function list(title: string, options: OtherOptions | RefusedOptions): string[] {
  const lines = Object.entries(options).map(([name, option]) => {
    const instead = 'hint' in option ? ` Instead: ${option.hint}.` : ''
    return `- \`--${name}\`: ${option.why}${instead}\n`
  })
  return lines.length > 0 ? [`${title}\n\n${lines.join('')}`] : []
}

function fenced(text: string): string {
  return `\`\`\`console\n${text}\n\`\`\`\n`
}
