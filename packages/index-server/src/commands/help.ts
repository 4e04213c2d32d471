/** What `--help` prints, made from the same tables that parse. */
import { describeLine, settingsHelp } from '../config/settings-page.ts'
import type { Command } from './command.ts'

export function programHelp(commands: readonly Command[]): string {
  const lines = commands.map((command) => describeLine(usage(command), command.summary))
  return `Cheeseshop, the Python package index anyone can run.

Usage: cheeseshop COMMAND [OPTIONS]

Commands:
${lines.join('\n')}

cheeseshop COMMAND --help shows what a command takes. Every setting is also an environment
variable (--max-file-size is CHEESESHOP_MAX_FILE_SIZE) and a line of cheeseshop.toml.`
}

export function commandHelp(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => {
    const { placeholder, format } = option.type
    const short = option.short === undefined ? '' : `-${option.short}, `
    const fallback =
      option.default === undefined || option.default === false
        ? ''
        : ` [${format(option.default as never)}]`
    const long = `--${name}${placeholder && ` ${placeholder}`}`
    return describeLine(short + long, option.help + fallback)
  })
  const sections = [
    `${command.summary}\n\nUsage: cheeseshop ${usage(command)} [OPTIONS]`,
    ...(options.length > 0 ? [`Options:\n${options.join('\n')}`] : []),
    settingsHelp(command.settings),
    `Everywhere:\n${describeLine('--config FILE', 'The settings file. [cheeseshop.toml]')}\n${describeLine('--help', 'Show this.')}`,
  ]
  return sections.join('\n\n')
}

function usage(command: Command): string {
  return `${command.name} ${command.operands}`.trim()
}
