/** The page docs/reference/commands.md: the help of every command. */
import type { Command } from './command.ts'
import { commandHelp, programHelp } from './help.ts'

export function commandsPage(commands: readonly Command[]): string {
  const sections = commands.map(
    (command) => `## cheeseshop ${command.name}\n\n${fenced(commandHelp(command))}`,
  )
  return [pageHead, fenced(programHelp(commands)), ...sections].join('\n')
}

const pageHead = `# Commands

<!-- Made by \`node tools/commands-page.ts\` from packages/index-server/src/commands/; do not edit. -->

Every command exits with 0 when it is done, 1 when something you can put right was in the way, and 2
when the fault is ours. What it has to say goes to standard output; errors, as a message and a hint,
and the log go to standard error. All commands but \`serve\` and \`work\` may be used while the index
runs, and what they do counts from that moment on.
`

function fenced(text: string): string {
  return `\`\`\`console\n${text}\n\`\`\`\n`
}
