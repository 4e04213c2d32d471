/** The settings of one run: flags over variables over files of the project over pip's configuration. */

import type { AnyValue, Option, OptionTable, ValuesOf } from './options/option.ts'
import type { Arguments } from './options/read-arguments.ts'
import { OptionError } from './report/usage-error.ts'
import { cheeseVariables, pipVariables, uvVariables } from './settings/environment-variables.ts'
import { readPipConfiguration } from './settings/pip-configuration.ts'
import { readProjectConfiguration } from './settings/project-configuration.ts'
import type { SettingSource } from './settings/setting-source.ts'

export interface SettingsRequest {
  /** Sections of pip's files are named after commands. */
  readonly command: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly folder: string
  /** The prefix of the interpreter in use, where pip looks for one more file. */
  readonly prefix?: string | undefined
  /** Only flags and nothing else. */
  readonly isIsolated?: boolean
  /** Told of files that are passed over. */
  readonly warn?: (message: string) => void
  /** Who runs this; that of the process unless given. */
  readonly user?: number
}

export interface Setting {
  readonly value: AnyValue
  /** Where it comes from, for people: `--index-url`, `PIP_INDEX_URL`, a path; `undefined` for the default. */
  readonly origin: string | undefined
}

/** The places where settings stand, strongest first. */
export function findSources(request: SettingsRequest): SettingSource[] {
  const { command, environment, folder, prefix, warn, user } = request
  if (request.isIsolated) return []
  return [
    cheeseVariables(environment),
    pipVariables(environment),
    uvVariables(environment),
    ...readProjectConfiguration({ folder, environment, warn, user }),
    ...readPipConfiguration({ command, environment, prefix }),
  ]
}

/** The value of every option of a table. Throws `OptionError` for a value that cannot be. */
export function readSettings<const Table extends OptionTable>(
  table: Table,
  given: Arguments['given'],
  sources: readonly SettingSource[],
): ValuesOf<Table> {
  const values = Object.entries(table).map(([name, option]) => {
    return [name, readSetting({ name, option }, given, sources).value]
  })
  return Object.fromEntries(values)
}

/** One value and where it comes from. Lists of the command line add to those of the strongest other place, as in pip. */
export function readSetting(
  { name, option }: { name: string; option: Option },
  given: Arguments['given'],
  sources: readonly SettingSource[],
): Setting {
  const written = given.get(name)
  if (written !== undefined && option.kind !== 'list') {
    return { value: lastOf(written, option, `--${name}`), origin: `--${name}` }
  }
  const configured = findConfigured(name, option, sources)
  if (written === undefined) return configured
  const items = written.flatMap((each) => splitList(String(each), option))
  const origins = [configured.origin, `--${name}`].filter((each) => each !== undefined)
  return { value: [...(configured.value as string[]), ...items], origin: origins.join(', ') }
}

function lastOf(written: readonly (string | boolean)[], option: Option, origin: string): AnyValue {
  if (option.kind === 'count') return written.length
  const last = written.at(-1)
  return typeof last === 'string' ? checkChoice(last, option, origin) : last
}

function findConfigured(name: string, option: Option, sources: readonly SettingSource[]): Setting {
  for (const source of sources) {
    const found = source.find(name, option)
    if (found !== undefined) {
      return { value: convert(found.value, option, found.origin), origin: found.origin }
    }
  }
  const nothing = { flag: false, list: [], count: 0, text: undefined }
  return { value: nothing[option.kind], origin: undefined }
}

function convert(value: string | readonly string[], option: Option, origin: string): AnyValue {
  if (option.kind === 'list') {
    const items = typeof value === 'string' ? value.split(/\s+/) : value
    return items.flatMap((item) => splitList(item, option)).filter((item) => item !== '')
  }
  if (typeof value !== 'string') throw new OptionError(`${origin}: give one value, not a list`)
  if (option.kind === 'text') return checkChoice(value, option, origin)
  if (option.kind === 'flag') return readBoolean(value, origin)
  return /^\d{1,2}$/.test(value) ? Number(value) : Number(readBoolean(value, origin))
}

function splitList(text: string, option: Option): string[] {
  return option.kind === 'list' && option.separator ? text.split(option.separator) : [text]
}

function checkChoice(text: string, option: Option, origin: string): string {
  if (option.kind !== 'text' || !option.choices || option.choices.includes(text)) return text
  const shown = JSON.stringify(text.slice(0, 80))
  throw new OptionError(`${origin}: ${shown} is none of ${option.choices.join(', ')}`)
}

const truths = new Map([
  ...['y', 'yes', 't', 'true', 'on', '1'].map((word) => [word, true] as const),
  ...['n', 'no', 'f', 'false', 'off', '0'].map((word) => [word, false] as const),
])

/** The words that pip takes for a flag in its files and variables. */
export function readBoolean(text: string, origin: string): boolean {
  const value = truths.get(text.trim().toLowerCase())
  if (value !== undefined) return value
  throw new OptionError(`${origin}: ${JSON.stringify(text.slice(0, 80))} is neither yes nor no`)
}
