/** Our own files: `cheese.toml` or `[tool.cheese]` of `pyproject.toml` in the project, then `cheese.toml` of the user. */

import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'smol-toml'
import { UsageError } from '../report/usage-error.ts'
import { type FoundSetting, type SettingSource, sourceOf } from './setting-source.ts'

export interface ProjectConfigurationRequest {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

type TomlTable = Record<string, unknown>

/** Strongest first. The project's file is the nearest one at or above the folder. */
export function readProjectConfiguration(request: ProjectConfigurationRequest): SettingSource[] {
  const { folder, environment } = request
  const config = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] ?? homedir(), '.config')
  const personal = join(config, 'cheese', 'cheese.toml')
  const [projects, own] = [findUpwards(folder), readTable(personal)]
  return [
    ...(projects ? [tableSource(projects, { isProjects: true })] : []),
    ...(own ? [tableSource(own, { isProjects: false })] : []),
  ]
}

function findUpwards(folder: string): { path: string; table: TomlTable } | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const own = readTable(join(at, 'cheese.toml'))
    if (own) return own
    const shared = readTable(join(at, 'pyproject.toml'))
    const tool = asTable(asTable(shared?.table['tool'])?.['cheese'])
    if (shared && tool) return { path: `${shared.path} [tool.cheese]`, table: tool }
    if (dirname(at) === at) return undefined
  }
}

function readTable(path: string): { path: string; table: TomlTable } | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
  try {
    return { path, table: parse(text) }
  } catch (error) {
    throw new UsageError(`${path} is no TOML: ${(error as Error).message.split('\n')[0]}`)
  }
}

function asTable(value: unknown): TomlTable | undefined {
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isTable ? (value as TomlTable) : undefined
}

function tableSource(
  { path, table }: { path: string; table: TomlTable },
  whose: { isProjects: boolean },
): SettingSource {
  return sourceOf({
    isPips: false,
    ...whose,
    get(name): FoundSetting | undefined {
      const value = Object.hasOwn(table, name) ? table[name] : undefined
      if (value === undefined) return undefined
      const isList = Array.isArray(value) && value.every((item) => typeof item === 'string')
      if (isList) return { value, origin: path }
      if (typeof value === 'object') {
        throw new UsageError(`${path}: ${name} is neither text nor a list of text`)
      }
      return { value: String(value), origin: path }
    },
  })
}
