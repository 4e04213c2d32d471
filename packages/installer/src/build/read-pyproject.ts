/** Reads pyproject.toml: which backend builds the project, and what it says of the project itself. */
import { realpath } from 'node:fs/promises'
import { isAbsolute, join, relative, sep } from 'node:path'
import { InvalidRequirement, parseRequirement, type Requirement } from '@cheeseshop/packaging'
import { parse, TomlError } from 'smol-toml'
import { BuildError, quoted } from './build-error.ts'
import { readSmallFile } from './read-small-file.ts'

export interface Pyproject {
  readonly buildSystem: BuildSystem
  /** The `[project]` table as it stands (PEP 621). */
  readonly project?: Table
  readonly tool: Table
}

export interface BuildSystem {
  readonly requires: readonly Requirement[]
  /** `module` or `module:object`. */
  readonly backend: string
  /** Absolute folders inside of the project in which the backend is looked for first. */
  readonly backendPath: readonly string[]
}

export type Table = Readonly<Record<string, unknown>>

const largestFile = 4 * 2 ** 20

/** Throws `BuildError` when the file breaks TOML, PEP 517 or PEP 518. No file at all is fine. */
export async function readPyproject(folder: string): Promise<Pyproject> {
  const table = await readTable(folder)
  const project = tableOf(table['project'])
  return {
    buildSystem: await readBuildSystem(table['build-system'], folder),
    ...(project && { project }),
    tool: tableOf(table['tool']) ?? {},
  }
}

async function readTable(folder: string): Promise<Table> {
  const bytes = await readSmallFile(join(folder, 'pyproject.toml'), largestFile)
  try {
    return parse(bytes?.toString('utf8') ?? '')
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    throw faulty(`is not valid TOML: ${error.message.trim()}`, error)
  }
}

/** PEP 517 and PEP 518: what setuptools did of old, for projects that do not say who builds them. */
const legacyBackend = 'setuptools.build_meta:__legacy__'
const legacyRequires = 'setuptools>=40.8.0'

async function readBuildSystem(value: unknown, folder: string): Promise<BuildSystem> {
  if (value === undefined) {
    const requires = [parseRequirement(legacyRequires)]
    return { requires, backend: legacyBackend, backendPath: [] }
  }
  const table = tableOf(value)
  if (table === undefined) throw faulty('has a build-system that is no table')
  const { requires, 'build-backend': backend, 'backend-path': paths } = table
  if (requires === undefined) {
    throw faulty('has a [build-system] without "requires"', undefined, 'Add: requires = []')
  }
  if (backend === undefined && paths !== undefined) {
    throw faulty('has a "backend-path" and no "build-backend"')
  }
  return {
    requires: stringsOf(requires, 'requires').map(readRequirement),
    backend: backend === undefined ? legacyBackend : readBackend(backend),
    backendPath: await Promise.all(
      stringsOf(paths ?? [], 'backend-path').map((path) => insideOf(folder, path)),
    ),
  }
}

function readRequirement(text: string): Requirement {
  try {
    return parseRequirement(text)
  } catch (error) {
    if (!(error instanceof InvalidRequirement)) throw error
    throw faulty(`has a bad entry in build-system.requires: ${error.message}`, error)
  }
}

function readBackend(value: unknown): string {
  const name = '[A-Za-z_][\\w.]*'
  if (typeof value === 'string' && new RegExp(`^${name}(?::${name})?$`).test(value)) return value
  throw faulty(
    `has the build-backend ${quoted(String(value))}`,
    undefined,
    'It is written "module" or "module:object".',
  )
}

/** PEP 517: "Directories in backend-path are [...] relative to the project root, and MUST refer to a location within". */
async function insideOf(folder: string, path: string): Promise<string> {
  const root = await realpath(folder)
  const target = isAbsolute(path)
    ? undefined
    : await realpath(join(root, path)).catch(() => undefined)
  const inside = target === undefined ? '..' : relative(root, target)
  if (target === undefined || inside === '..' || inside.startsWith(`..${sep}`)) {
    throw faulty(`has the backend-path ${quoted(path)}, which is no folder inside of the project`)
  }
  return target
}

function stringsOf(value: unknown, key: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
  throw faulty(`has a build-system.${key} that is no list of strings`)
}

function tableOf(value: unknown): Table | undefined {
  const isTable = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isTable ? (value as Table) : undefined
}

function faulty(what: string, cause?: unknown, hint = 'Correct pyproject.toml.'): BuildError {
  return new BuildError('bad-pyproject', `pyproject.toml ${what}.`, { hint, cause })
}
