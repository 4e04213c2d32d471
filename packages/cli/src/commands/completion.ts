/** `cheese completion`: a script that lets a shell complete what is typed. */

import { type Command, defineCommand } from '../command.ts'
import { bashScript } from '../completing/bash-script.ts'
import { type CompletedCommand, readCompletions } from '../completing/completion-tree.ts'
import { fishScript } from '../completing/fish-script.ts'
import { zshScript } from '../completing/zsh-script.ts'
import { UsageError } from '../report/usage-error.ts'

const scripts: Record<string, (commands: readonly CompletedCommand[]) => string> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
}

/** `load` gives all commands, of which this is one. */
export function completionOf(load: () => Promise<ReadonlyMap<string, Command>>): Command {
  return defineCommand({
    summary: 'Prints a script that lets a shell complete commands, options and values.',
    operands: 'bash | zsh | fish',
    options: {
      bash: { kind: 'flag', short: 'b', help: 'For bash.' },
      zsh: { kind: 'flag', short: 'z', help: 'For zsh.' },
      fish: { kind: 'flag', short: 'f', help: 'For fish.' },
    },
    refused: {
      powershell: {
        why: 'nobody here can try it.',
        hint: 'bash, zsh and fish are there',
      },
    },
    onlyLooks: true,
    async run(session, values) {
      const flags = (['bash', 'zsh', 'fish'] as const).filter((each) => values[each])
      const [shell, more] = [...session.words, ...flags]
      if (shell === undefined || more !== undefined || !Object.hasOwn(scripts, shell))
        throw new UsageError(
          'one shell is to be named: bash, zsh or fish',
          'cheese completion bash',
        )
      session.printer.data(scripts[shell]!(readCompletions(await load())))
      return 0
    },
  })
}
