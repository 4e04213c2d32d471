/** Completion for zsh. */

import type { CompletedCommand, CompletedOption } from './completion-tree.ts'

/** Works by `eval`, and as a file `_cheese` on `fpath`. */
export function zshScript(commands: readonly CompletedCommand[]): string {
  const described = commands.map(
    ({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
  )
  return `#compdef cheese
# cheese completion for zsh: eval "$(cheese completion zsh)"
_cheese() {
  local -a commands=(
${described.join('\n')}
  )
  [[ $words[2] == pip ]] && { words[2]=(); (( CURRENT-- )) }
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  words[1]=()
  (( CURRENT-- ))
  case $command in
${commands.map(branch).join('\n')}
  esac
}
_cheese_installed() {
  local -a names=(\${\${(f)"$(cheese list --format freeze 2>/dev/null)"}%%==*})
  compadd -a names
}
if [[ $funcstack[1] == _cheese ]]; then _cheese "$@"; else compdef _cheese cheese; fi`
}

function branch({ name, options, namesInstalled, actions }: CompletedCommand): string {
  const specs = options.flatMap(specsOf).map((spec) => ` \\\n        ${quoted(spec)}`)
  const operands = namesInstalled ? '_cheese_installed' : '_files'
  const first = actions.length > 0 ? `\n        '1:action:(${actions.join(' ')})' \\` : ''
  return `    ${name})
      _arguments -s${specs.join('')} \\${first}
        '*:operand:${operands}' ;;`
}

function specsOf({ long, short, help, choices, mayRepeat }: CompletedOption): string[] {
  const many = mayRepeat ? '*' : ''
  const text = `[${help.replace(/[[\]\\:]/g, '\\$&')}]`
  const value =
    choices === undefined
      ? ''
      : `:value:${choices.length > 0 ? `(${choices.join(' ')})` : '_files'}`
  const letters = short === undefined ? [] : [`${many}-${short}${value ? '+' : ''}${text}${value}`]
  return [...letters, ...long.map((each) => `${many}--${each}${value ? '=' : ''}${text}${value}`)]
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
