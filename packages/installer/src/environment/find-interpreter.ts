/** Finds the interpreter whose environment is meant: the one named, or the one a shell would use here. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, resolve } from 'node:path'
import { parseSpecifierSet, type SpecifierSet, tryParseSpecifierSet } from '@cheeseshop/packaging'
import type { CacheFolder } from '../cache/cache-folder.ts'
import type { Interpreter } from './interpreter.ts'
import { readInterpreter, UnusableInterpreter } from './read-interpreter.ts'

export interface FindInterpreterOptions {
  /** The value of `--python`: a program, a virtual environment, `3.12`, `>=3.10`, or the name of a program on PATH. */
  readonly python?: string | undefined
  readonly cache?: CacheFolder | undefined
  /** `process.env` unless given. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Where `.venv` is looked for; the working directory unless given. */
  readonly folder?: string
}

/** Thrown when there is none; the message names every place that was looked at. */
export class NoInterpreter extends Error {
  override readonly name = 'NoInterpreter'
}

/**
 * With no wish: VIRTUAL_ENV, then `.venv` here, then `python3` and `python` on PATH. With a version, the first of these
 * that has it, `python3.12` on PATH included. Throws `NoInterpreter`, and `UnusableInterpreter` for a path that was named.
 */
export async function findInterpreter(options: FindInterpreterOptions = {}): Promise<Interpreter> {
  const { python, cache } = options
  const wish = python === undefined ? undefined : parseVersionWish(python)
  if (python !== undefined && wish === undefined) return findNamed(python, options)
  const tried: string[] = []
  for (const candidate of candidates(options, wish)) {
    try {
      const interpreter = await readInterpreter(candidate, cache)
      if (
        wish === undefined ||
        wish.specifiers.contains(interpreter.version, { prereleases: true })
      )
        return interpreter
      tried.push(`${candidate} is Python ${interpreter.version}.`)
    } catch (error) {
      if (!(error instanceof UnusableInterpreter)) throw error
      tried.push(error.message)
    }
  }
  throw new NoInterpreter(explain(wish?.text, tried))
}

interface VersionWish {
  readonly text: string
  readonly specifiers: SpecifierSet
  /** What the versions begin with, as folders have it in their names: `3`, `3.12`. */
  readonly start: string
  /** Of programs. */
  readonly names: readonly string[]
}

const usualNames = ['python3', 'python']

/** `3`, `3.12` and `3.12.4`; `python3.12` too, which pyenv has as a program that may be switched off; `>=3.10,<3.13`. */
function parseVersionWish(word: string): VersionWish | undefined {
  const range = /^[<>=!~]/.test(word) ? tryParseSpecifierSet(word) : undefined
  if (range) return { text: word, specifiers: range, start: '3', names: allNames() }
  const python = word.replace(/^c?python[-@]?(?=\d+\.)/, '')
  if (!/^\d{1,3}(\.\d{1,4}){0,2}$/.test(python)) return undefined
  const isWhole = python.split('.').length === 3
  const specifiers = parseSpecifierSet(`==${python}${isWhole ? '' : '.*'}`)
  const start = python.split('.').slice(0, 2).join('.')
  const names = start.includes('.') ? [`python${start}`, ...usualNames] : usualNames
  return { text: python, specifiers, start, names }
}

/** The usual one first, then the newest. */
function allNames(): string[] {
  return [...usualNames, ...Array.from({ length: 30 }, (_, at) => `python3.${29 - at}`)]
}

async function findNamed(python: string, options: FindInterpreterOptions): Promise<Interpreter> {
  const isPath = /[\\/]/.test(python) || existsSync(resolve(options.folder ?? '.', python))
  if (isPath)
    return readInterpreter(programOf(resolve(options.folder ?? '.', python)), options.cache)
  const found = onPath([python], options.env ?? process.env).next().value
  if (found !== undefined) return readInterpreter(found, options.cache)
  throw new NoInterpreter(
    `There is no program ${JSON.stringify(python.slice(0, 200))} on PATH. Name a version (3.12), a path, or a virtual environment.`,
  )
}

/** A folder stands for the virtual environment in it. */
function programOf(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path
  const inside = pythonIn(path)
  if (existsSync(inside)) return inside
  throw new UnusableInterpreter(path, `it is a folder without ${inside.slice(path.length + 1)}.`)
}

function* candidates(
  { env = process.env, folder = '.' }: FindInterpreterOptions,
  wish: VersionWish | undefined,
): Generator<string> {
  const active = env['VIRTUAL_ENV'] || env['CONDA_PREFIX']
  const seen = new Set<string>()
  const places = [active, resolve(folder, '.venv')]
    .filter((place) => place !== undefined && place !== '')
    .map((place) => pythonIn(place!))
    .filter((program) => existsSync(program))
  const names = wish?.names ?? usualNames
  for (const program of [...places, ...onPath(names, env), ...managed(wish?.start, env)]) {
    if (!seen.has(program)) yield program
    seen.add(program)
  }
}

function* onPath(
  names: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Generator<string> {
  const endings = process.platform === 'win32' ? ['.exe'] : ['']
  for (const name of names) {
    for (const folder of (env['PATH'] ?? '').split(delimiter)) {
      for (const ending of endings) {
        const path = join(folder, name + ending)
        if (folder !== '' && statSync(path, { throwIfNoEntry: false })?.isFile()) yield path
      }
    }
  }
}

/** The versions that pyenv keeps, the newest first: its programs on PATH only start those that are switched on. */
function* managed(
  version: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Generator<string> {
  const folder = join(env['PYENV_ROOT'] || join(homedir(), '.pyenv'), 'versions')
  if (version === undefined || !existsSync(folder)) return
  const fitting = readdirSync(folder).filter((name) => `${name}.`.startsWith(`${version}.`))
  const newestFirst = new Intl.Collator('en', { numeric: true })
  for (const name of fitting.sort((a, b) => newestFirst.compare(b, a))) {
    const program = pythonIn(join(folder, name))
    if (existsSync(program)) yield program
  }
}

/** Where the program of a virtual environment is. */
export function pythonIn(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python')
}

function explain(version: string | undefined, tried: readonly string[]): string {
  const what = version === undefined ? 'No Python was found' : `No Python ${version} was found`
  const where = 'VIRTUAL_ENV, .venv here, and PATH'
  const places = tried.length === 0 ? '' : `\n${tried.map((line) => `- ${line}`).join('\n')}`
  return `${what}; looked at ${where}. Install one, or name it with --python.${places}`
}
