/** Completion for bash. */

import type { CompletedCommand, CompletedOption } from './completion-tree.ts'

export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# cheese completion for bash: eval "$(cheese completion bash)"
_cheese() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= at
  # The shell takes --name=value apart: it is three words, and two where there is no value yet.
  if [[ $current == = ]]; then current=; elif [[ $previous == = ]]; then previous=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      pip|-*) ;;
      *) command=\${COMP_WORDS[at]}; break ;;
    esac
  done
  COMPREPLY=()
  case $command in
    '') _cheese_words "${commands.map(({ name }) => name).join(' ')} pip" ;;
${commands.map(branch).join('\n')}
  esac
}
# compgen expands its words as a shell does: none may come from elsewhere with more in it than a name has.
_cheese_words() {
  COMPREPLY=($(compgen -W "$1" -- "$current"))
}
complete -o default -F _cheese cheese`
}

function branch({ name, options, namesInstalled, actions }: CompletedCommand): string {
  const spellings = options.flatMap(spellingsOf).join(' ')
  const values = options.flatMap((option) => {
    if (option.choices === undefined) return []
    const pattern = spellingsOf(option).join('|')
    // Without choices the shell itself completes files.
    const words = option.choices.length > 0 ? `_cheese_words "${option.choices.join(' ')}"` : ':'
    return [`        ${pattern}) ${words}; return ;;`]
  })
  const rest = namesInstalled
    ? '\n        *) _cheese_words "$(cheese list --format freeze 2>/dev/null | cut -d= -f1 | tr -cd "A-Za-z0-9._\\n-")" ;;'
    : actions.length > 0
      ? `\n        *) [[ $previous == ${name} ]] && _cheese_words "${actions.join(' ')}" ;;`
      : ''
  return `    ${name})
      case $previous in
${values.join('\n')}
      esac
      case $current in
        -*) _cheese_words "${spellings}" ;;${rest}
      esac ;;`
}

function spellingsOf({ long, short }: CompletedOption): string[] {
  return [...(short ? [`-${short}`] : []), ...long.map((each) => `--${each}`)]
}
