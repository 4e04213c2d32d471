/** Completion for fish. */

import type { CompletedCommand, CompletedOption } from './completion-tree.ts'

export function fishScript(commands: readonly CompletedCommand[]): string {
  const names = commands.map(({ name }) => name)
  const isFirst = `not __fish_seen_subcommand_from ${names.join(' ')}`
  const lines = commands.flatMap((command) => [
    `complete -c cheese -f -n ${quoted(isFirst)} -a ${command.name} -d ${quoted(command.summary)}`,
    ...command.options.flatMap((option) => optionLines(command.name, option)),
    ...(command.namesInstalled ? [installedLine(command.name)] : []),
    ...(command.actions.length > 0 ? [actionLine(command)] : []),
  ])
  return `# cheese completion for fish: cheese completion fish | source\n${lines.join('\n')}`
}

function optionLines(command: string, option: CompletedOption): string[] {
  const { choices, help, long, short } = option
  const value =
    choices === undefined ? '' : choices.length > 0 ? ` -x -a ${quoted(choices.join(' '))}` : ' -r'
  return long.map((name, at) => {
    const letter = short !== undefined && at === 0 ? ` -s ${short}` : ''
    return `complete -c cheese -n ${seen(command)} -l ${name}${letter}${value} -d ${quoted(help)}`
  })
}

function actionLine({ name, actions }: CompletedCommand): string {
  const words = actions.join(' ')
  const isNext = `__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${words}`
  return `complete -c cheese -f -n ${quoted(isNext)} -a ${quoted(words)}`
}

function installedLine(command: string): string {
  const names = '(cheese list --format freeze 2>/dev/null | string replace -r "==.*" "")'
  return `complete -c cheese -f -n ${seen(command)} -a ${quoted(names)}`
}

function seen(command: string): string {
  return quoted(`__fish_seen_subcommand_from ${command}`)
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
