/** Virtual environments that were made alike: what one of them answered is true of the next, save for where it is. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { shortHash } from '@cheeseshop/client'
import type { CacheFolder } from '../cache/cache-folder.ts'
import type { InterpreterFacts } from './interpreter.ts'

/** What an answer depends on besides the folder of the environment. */
export interface Likeness {
  readonly folder: string
  readonly key: string
}

/** A pyvenv.cfg is never larger. */
const mostText = 65_536

/**
 * Undefined for what is no virtual environment, and for those whose answer may depend on more: reached through links,
 * or with a pyvenv.cfg that says a thing twice.
 */
export function likenessOf(program: string, build: string): Likeness | undefined {
  const folder = dirname(dirname(program))
  // Python looks beside the program first.
  if (existsSync(join(dirname(program), 'pyvenv.cfg'))) return undefined
  const config = readConfig(join(folder, 'pyvenv.cfg'))
  const home = config?.get('home')
  if (config === undefined || home === undefined || realpathSync(folder) !== folder)
    return undefined
  const seesSystem = config.get('include-system-site-packages')?.toLowerCase() === 'true'
  return { folder, key: JSON.stringify([build, relative(folder, program), home, seesSystem]) }
}

/** Undefined where a line is repeated, or is none. */
function readConfig(path: string): Map<string, string> | undefined {
  const config = new Map<string, string>()
  for (const line of readText(path).split(/\r?\n/)) {
    const [key, value] = line.split(/=(.*)/s, 2).map((part) => part.trim())
    if (key === '') continue
    if (value === undefined || config.has(key!.toLowerCase())) return undefined
    config.set(key!.toLowerCase(), value)
  }
  return config
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, mostText)
  } catch {
    return ''
  }
}

export function keepAnswer({ folder, key }: Likeness, facts: InterpreterFacts, cache: CacheFolder) {
  const { basePrefix, baseExecutable, stdlib, prefix } = facts
  const isOutside = [basePrefix, baseExecutable, stdlib].every((path) => !isWithin(folder, path))
  if (prefix === folder && isOutside) cache.tryWriteJson(entryName(key), { key, folder, facts })
}

export function recallAnswer(likeness: Likeness, cache: CacheFolder): InterpreterFacts | undefined {
  const kept = cache.readJson(entryName(likeness.key)) as
    | { key?: string; folder: string; facts: InterpreterFacts }
    | undefined
  if (kept?.key !== likeness.key) return undefined
  const { folder, facts } = kept
  return JSON.parse(JSON.stringify(facts), (_, value) =>
    typeof value === 'string' && isWithin(folder, value)
      ? likeness.folder + value.slice(folder.length)
      : value,
  )
}

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function entryName(key: string): string {
  return `interpreters/like-${shortHash(key)}.json`
}
