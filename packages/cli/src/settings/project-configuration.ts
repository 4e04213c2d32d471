/** Our own files: `cheese.toml` or `[tool.cheese]` of `pyproject.toml` in the project, then `cheese.toml` of the user. */

import { lstatSync, readFileSync, type Stats, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'smol-toml'
import { UsageError } from '../report/usage-error.ts'
import {
  type FoundSetting,
  type FoundTables,
  type SettingSource,
  sourceOf,
} from './setting-source.ts'

export interface ProjectConfigurationRequest {
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Told of a file that is passed over. */
  readonly warn?: ((message: string) => void) | undefined
  /** Who runs this; that of the process unless given. */
  readonly user?: number | undefined
}

type TomlTable = Record<string, unknown>

/** Strongest first. The project's file is the nearest one at or above the folder that one may trust. */
export function readProjectConfiguration(request: ProjectConfigurationRequest): SettingSource[] {
  const { environment } = request
  const config = environment['XDG_CONFIG_HOME'] || join(environment['HOME'] ?? homedir(), '.config')
  const personal = join(config, 'cheese', 'cheese.toml')
  const [projects, own] = [findUpwards(request), readTable(personal)]
  return [
    ...(projects ? [tableSource(projects, { isProjects: true })] : []),
    ...(own ? [tableSource(own, { isProjects: false })] : []),
  ]
}

function findUpwards(
  request: ProjectConfigurationRequest,
): { path: string; table: TomlTable } | undefined {
  const read = (path: string) => (isTrusted(path, request) ? readTable(path) : undefined)
  for (let at = request.folder; ; at = dirname(at)) {
    const own = read(join(at, 'cheese.toml'))
    if (own) return own
    const shared = read(join(at, 'pyproject.toml'))
    const tool = asTable(asTable(shared?.table['tool'])?.['cheese'])
    if (shared && tool) return { path: `${shared.path} [tool.cheese]`, table: tool }
    if (dirname(at) === at) return undefined
  }
}

/**
 * Who may write to a folder above ours, as everybody may to /tmp, must not choose the index we install from: the file has
 * to be our own, that of root, or of whom the folder belongs to that we work in. So must a link that leads to it be.
 */
function isTrusted(
  path: string,
  { folder, warn, user = process.getuid?.() }: ProjectConfigurationRequest,
): boolean {
  const link = lookAt(path, lstatSync)
  if (user === undefined || link === undefined) return link !== undefined
  const trusted = [user, 0, lookAt(folder, statSync)?.uid]
  const isKnown = trusted.includes(link.uid) && trusted.includes(lookAt(path, statSync)?.uid)
  if (!isKnown) warn?.(`${path} belongs to another user, and is not read`)
  return isKnown
}

function lookAt(path: string, stat: typeof statSync): Stats | undefined {
  try {
    return stat(path, { throwIfNoEntry: false })
  } catch {
    return undefined
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
  const source = sourceOf({
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
  return { ...source, tables: (name) => findTables(name, { path, table }) }
}

function findTables(
  name: string,
  { path, table }: { path: string; table: TomlTable },
): FoundTables | undefined {
  const value = Object.hasOwn(table, name) ? table[name] : undefined
  if (value === undefined) return undefined
  const tables = Array.isArray(value) ? value.map(asTable) : [undefined]
  if (tables.every((each) => each !== undefined)) return { tables, origin: path }
  throw new UsageError(`${path}: ${name} is no list of tables`, `write it as [[${name}]]`)
}
