/** Gathers the settings: a flag wins over a CHEESESHOP_* variable, that over cheeseshop.toml, that over the default. */
import { readFileSync } from 'node:fs'
import { parse as parseToml } from 'smol-toml'
import {
  type Config,
  flagName,
  type SettingKey,
  settingKeys,
  settingOf,
  variableName,
} from './settings.ts'
import { UsageError } from './usage-error.ts'

export interface ConfigSources {
  /** By flag name without dashes, as they were typed. */
  flags?: ReadonlyMap<string, string>
  environment?: Readonly<Record<string, string | undefined>>
  /** A file that must exist. */
  file?: string
  /** The file read when it exists and no other was named. */
  defaultFile?: string
}

/** Throws `UsageError` that names the first wrong value and where it came from. */
export function loadConfig(sources: ConfigSources): Config {
  const file = readConfigFile(sources)
  const value = (key: SettingKey) => {
    const found = findText(key, sources, file)
    return found === undefined ? settingOf(key).default : parseValue(key, found)
  }
  return Object.fromEntries(settingKeys.map((key) => [key, value(key)])) as Config
}

interface FoundText {
  text: string
  from: string
}

function findText(
  key: SettingKey,
  sources: ConfigSources,
  file: ReadonlyMap<string, FoundText>,
): FoundText | undefined {
  const flag = sources.flags?.get(flagName(key))
  if (flag !== undefined) return { text: flag, from: `--${flagName(key)}` }
  const variable = sources.environment?.[variableName(key)]
  if (variable !== undefined && variable !== '') return { text: variable, from: variableName(key) }
  return file.get(flagName(key))
}

function parseValue(key: SettingKey, { text, from }: FoundText): unknown {
  const setting = settingOf(key)
  const value = setting.type.parse(text)
  if (value !== undefined) return value
  const shown = setting.isSecret ? 'the value' : JSON.stringify(text.slice(0, 80))
  throw new UsageError(
    `${from}: ${shown} is not ${setting.type.expected}`,
    `${flagName(key)}: ${setting.help}`,
  )
}

function readConfigFile(sources: ConfigSources): Map<string, FoundText> {
  const path = sources.file ?? sources.environment?.['CHEESESHOP_CONFIG'] ?? sources.defaultFile
  const text = path && readIfAllowed(path, path === sources.defaultFile)
  if (!path || text === undefined) return new Map()
  const known = new Set(settingKeys.map(flagName))
  const values = new Map<string, FoundText>()
  for (const [name, value] of Object.entries(parseFile(path, text))) {
    const from = `${path}: ${name}`
    if (!known.has(name)) {
      throw new UsageError(
        `${from} is not a setting`,
        'cheeseshop serve --help lists all settings.',
      )
    }
    values.set(name, { text: tomlText(value, from), from })
  }
  return values
}

function readIfAllowed(path: string, mayBeAbsent: boolean): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (mayBeAbsent && code === 'ENOENT') return undefined
    throw new UsageError(`cannot read the configuration file ${path} (${code})`, 'Check its path.')
  }
}

function parseFile(path: string, text: string): object {
  try {
    return parseToml(text)
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n')
    throw new UsageError(`${path}: ${reason}`, 'The file is TOML: one `name = value` a line.')
  }
}

function tomlText(value: unknown, from: string): string {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string'))
    return value.join(',')
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value)
  throw new UsageError(`${from} is not a text, a number, true, false or a list of texts`)
}
