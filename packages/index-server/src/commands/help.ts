/** What `--help` prints, made from the same tables that parse. */
import { describeLine, settingsHelp, widest, wrap } from '../config/settings-page.ts'
import type { Command } from './command.ts'

export function programHelp(commands: readonly Command[], width = widest): string {
  const lines = commands.map((command) => describeLine(usage(command), command.summary, width))
  return `Cheeseshop, the Python package index anyone can run.

Usage: cheeseshop COMMAND [OPTIONS]

Commands:
${lines.join('\n')}

${wrap(afterword, width).join('\n')}`
}

const afterword =
  'cheeseshop COMMAND --help shows what a command takes. Every setting is also an environment variable (--max-file-size is CHEESESHOP_MAX_FILE_SIZE) and a line of cheeseshop.toml.'

export function commandHelp(command: Command, width = widest): string {
  const describe = (term: string, meaning: string) => describeLine(term, meaning, width)
  const options = Object.entries(command.options).map(([name, option]) => {
    const { placeholder, format } = option.type
    const short = option.short === undefined ? '' : `-${option.short}, `
    const fallback =
      option.default === undefined || option.default === false
        ? ''
        : ` [${format(option.default as never)}]`
    const long = `--${name}${placeholder && ` ${placeholder}`}`
    return describe(short + long, option.help + fallback)
  })
  const sections = [
    `${wrap(command.summary, width).join('\n')}\n\nUsage: cheeseshop ${usage(command)} [OPTIONS]`,
    ...(options.length > 0 ? [`Options:\n${options.join('\n')}`] : []),
    settingsHelp(command.settings, width),
    `Everywhere:\n${describe('--config FILE', 'The settings file. [cheeseshop.toml]')}\n${describe('--help', 'Show this.')}`,
  ]
  return sections.join('\n\n')
}

function usage(command: Command): string {
  return `${command.name} ${command.operands}`.trim()
}
