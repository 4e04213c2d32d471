/** pip's configuration files, in its places and its order, so that what works with pip works here. */
import { readFileSync, statSync } from 'node:fs'
import { systemReason } from '@cheeseshop/archive'
import { readIni } from './read-ini.ts'

export interface PipPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The virtual environment that is meant: its file counts too. */
  readonly prefix?: string | undefined
}

export interface FoundPipSetting {
  readonly value: string
  /** For people: the file and its section. */
  readonly origin: string
}

export interface PipFile {
  readonly path: string
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, string>>
}

/** A file of pip's that is there and cannot be used; the message names it. */
export class InvalidPipFile extends Error {
  override readonly name = 'InvalidPipFile'
}

/** Weakest first. Throws `InvalidPipFile`. */
export function readPipFiles(places: PipPlaces): PipFile[] {
  return findPipFiles(places).flatMap(({ path }) => {
    const text = readIfThere(path)
    return text === undefined ? [] : [{ path, sections: parse(path, text) }]
  })
}

/** Among files the last one wins. An empty value counts as not set. */
export function findPipSetting(
  files: readonly PipFile[],
  section: string,
  key: string,
): FoundPipSetting | undefined {
  const file = files.findLast(({ sections }) => sections.get(section)?.has(key))
  const value = file?.sections.get(section)?.get(key)
  return value ? { value, origin: `${file!.path} [${section}]` } : undefined
}

/** Whose file it is: the machine's, a person's, the environment's, or the one of `PIP_CONFIG_FILE`. */
export type PipFileKind = 'global' | 'user' | 'site' | 'env'

export interface PipFilePlace {
  readonly kind: PipFileKind
  readonly path: string
}

/** Where pip looks, whether there is a file or not, in the order in which it reads them. */
export function findPipFiles({ environment, prefix }: PipPlaces): PipFilePlace[] {
  const { delimiter, join } = process.getBuiltinModule('node:path')
  const named = environment['PIP_CONFIG_FILE']
  if (named === '/dev/null') return []
  const home = environment['HOME'] ?? process.getBuiltinModule('node:os').homedir()
  const machine = (environment['XDG_CONFIG_DIRS'] || '/etc/xdg').split(delimiter).filter(Boolean)
  const personal = environment['XDG_CONFIG_HOME'] || join(home, '.config')
  const places: [PipFileKind, string][] = [
    ...machine.map((folder): [PipFileKind, string] => ['global', join(folder, 'pip', 'pip.conf')]),
    ['global', '/etc/pip.conf'],
    ['user', join(home, '.pip', 'pip.conf')],
    ['user', join(personal, 'pip', 'pip.conf')],
    ...(prefix === undefined ? [] : [['site', join(prefix, 'pip.conf')] as [PipFileKind, string]]),
    ...(named ? [['env', named] as [PipFileKind, string]] : []),
  ]
  return places.map(([kind, path]) => ({ kind, path }))
}

function parse(path: string, text: string): PipFile['sections'] {
  try {
    return readIni(text)
  } catch (error) {
    throw new InvalidPipFile(`${path}: ${(error as Error).message}`)
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'EACCES' && !canBeSeen(path)) return undefined
    throw new InvalidPipFile(`${path} cannot be read: ${systemReason(error) ?? message}`)
  }
}

/** In a folder that may not be entered there is nothing, as for pip. */
function canBeSeen(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}
