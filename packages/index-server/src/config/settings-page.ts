/** The settings as people read them: the lines of `--help` and the page docs/reference/settings.md. */
import { flagName, type SettingKey, settingKeys, settingOf, variableName } from './settings.ts'

/** Longer lines are hard to read, whatever the terminal has room for. */
export const widest = 100

/** Every setting as a flag with its help and default, grouped. */
export function settingsHelp(keys: readonly SettingKey[] = settingKeys, width = widest): string {
  const lines = (members: readonly SettingKey[]) => members.map((key) => helpLines(key, width))
  return [...byGroup(keys)]
    .map(([group, members]) => [`${group}:`, ...lines(members)].join('\n'))
    .join('\n\n')
}

export function settingsPage(): string {
  const head = ['flag', 'variable', 'default', 'meaning']
  const groups = [...byGroup(settingKeys)].map(
    ([group, members]) => `## ${group}\n\n${markdownTable([head, ...members.map(pageRow)])}`,
  )
  return `${pageHead}\n${groups.join('\n')}`
}

/** Lined up as the formatter of the repository does it. */
function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |\n`
  return [head, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('')
}

const pageHead = `# Settings

<!-- Made by \`node tools/settings-page.ts\` from packages/index-server/src/config/settings.ts; do not edit. -->

Each setting is a flag, an environment variable and a line of \`cheeseshop.toml\`, and the first of
these that is given wins. In the file the name is that of the flag without its dashes:

\`\`\`toml
port = 8080
max-file-size = "500MB"
reserved-names = ["acme-*"]
read-only = false
\`\`\`

The file is read from the folder the command is started in, or from where \`--config FILE\` or
\`CHEESESHOP_CONFIG\` says. Sizes are written \`500MB\` or \`2GiB\`, times \`30s\`, \`15m\` or \`2h\`. A switch
that is on is turned off with \`--no-\`: \`--no-jobs\`.
`

function helpLines(key: SettingKey, width: number): string {
  const flag = flagUsage(key)
  const value = defaultText(key)
  const help = settingOf(key).help + (value === '' ? '' : ` [${value}]`)
  return describeLine(flag, help, width)
}

/** `  --flag VALUE      what it means`, wrapped so that the help stays in its column. */
export function describeLine(term: string, meaning: string, width: number): string {
  const indent = 30
  const lines = wrap(meaning, width - indent)
  const head = `  ${term}`.padEnd(indent)
  const first = head.length > indent ? `${head}\n${' '.repeat(indent)}` : head
  return first + lines.join(`\n${' '.repeat(indent)}`)
}

export function wrap(text: string, width: number): string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}

function pageRow(key: SettingKey): string[] {
  const value = defaultText(key)
  return [
    `\`${flagUsage(key).replaceAll('|', '\\|')}\``,
    `\`${variableName(key)}\``,
    value === '' ? '' : `\`${value}\``,
    settingOf(key).help,
  ]
}

function flagUsage(key: SettingKey): string {
  const { placeholder } = settingOf(key).type
  // A switch that is on can only be turned off.
  if (placeholder === '')
    return settingOf(key).default === true ? `--no-${flagName(key)}` : `--${flagName(key)}`
  return `--${flagName(key)} ${placeholder}`
}

function defaultText(key: SettingKey): string {
  const setting = settingOf(key)
  return setting.default === undefined ? '' : setting.type.format(setting.default as never)
}

function byGroup(keys: readonly SettingKey[]): Map<string, SettingKey[]> {
  return Map.groupBy(keys, (key) => settingOf(key).group)
}
