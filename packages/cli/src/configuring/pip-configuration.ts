/** pip's configuration files as `config` shows and changes them: what is set here is set for pip too. */

import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import { findPipFiles, type PipFileKind, readIni, redactText } from '@cheeseshop/client'
import { OptionError, UsageError } from '../report/usage-error.ts'
import { writeWhole } from '../report/write-whole.ts'
import type { Session } from '../session.ts'
import { type IniPath, removeIniValue, setIniValue } from './edit-ini.ts'

export interface PipValue {
  /** `global.index-url`, or `:env:.index-url` for a variable. */
  readonly name: string
  readonly value: string
}

export class PipConfiguration {
  readonly #session: Session
  readonly #kind: PipFileKind | undefined

  /** `kind`: only these files, where someone says so. */
  constructor(session: Session, kind?: PipFileKind) {
    this.#session = session
    this.#kind = kind
  }

  /** What counts of all files, then the variables. */
  values(): PipValue[] {
    const merged = new Map<string, string>()
    for (const path of this.paths(this.#kind)) {
      for (const { name, value } of this.valuesOf(path) ?? []) merged.set(name, value)
    }
    const values = [...merged].sort(byName).map(([name, value]) => ({ name, value }))
    return this.#kind === undefined ? [...values, ...this.variables()] : values
  }

  /** Throws `UsageError` when it is not set. */
  get(name: string): string {
    const key = splitName(name).join('.')
    const found = this.values().findLast((each) => each.name === key)
    if (found === undefined) throw noSuchKey(name)
    return found.value
  }

  set(name: string, value: string): string {
    const key = splitName(name)
    refuseOtherLines(key, value)
    const path = this.file()
    makeFolder(dirname(path))
    write(path, setIniValue(read(path) ?? '', key, value))
    return path
  }

  unset(name: string): string {
    const path = this.file()
    const text = removeIniValue(read(path) ?? '', splitName(name))
    if (text === undefined) throw noSuchKey(name)
    write(path, text)
    return path
  }

  /** `editor` is a command of a shell, as VISUAL and EDITOR are. Throws `UsageError` when it fails. */
  edit(editor: string): void {
    const command = ['-c', `${editor} "$1"`, 'sh', this.file()]
    const { status, error } = spawnSync('/bin/sh', command, { stdio: 'inherit' })
    if (error) throw error
    if (status !== 0)
      throw new UsageError(`the editor (${editor}) ended with ${status ?? 'a signal'}`)
  }

  /** The one that is changed: of the environment where it has one, else of the person. */
  file(): string {
    const site = this.paths('site').at(-1)
    const kind = this.#kind ?? (site !== undefined && existsSync(site) ? 'site' : 'user')
    const path = this.paths(kind).at(-1)
    if (path !== undefined) return path
    throw new UsageError(
      `there is no ${kind} file to change`,
      kind === 'site' ? 'activate a virtual environment' : 'unset PIP_CONFIG_FILE',
    )
  }

  /** In the order in which they are read. */
  paths(kind?: PipFileKind): string[] {
    const places = findPipFiles(this.#session)
    return places.filter((each) => kind === undefined || each.kind === kind).map(({ path }) => path)
  }

  /** Undefined where there is no such file. */
  valuesOf(path: string): PipValue[] | undefined {
    const text = read(path)
    if (text === undefined) return undefined
    return [...sectionsOf(path, text)].flatMap(([section, values]) =>
      [...values].map(([key, value]) => ({ name: `${section}.${key}`, value: redactText(value) })),
    )
  }

  variables(): PipValue[] {
    const set = Object.entries(this.#session.environment).flatMap(([variable, value]) => {
      const [, rest] = /^PIP_([A-Z0-9_]+)$/.exec(variable) ?? []
      if (rest === undefined || rest === 'CONFIG_FILE' || !value) return []
      return [
        { name: `:env:.${rest.toLowerCase().replaceAll('_', '-')}`, value: redactText(value) },
      ]
    })
    return set.sort((a, b) => (a.name < b.name ? -1 : 1))
  }
}

/** Throws `OptionError` when several are meant. */
export function chooseKind(given: Readonly<Record<'global' | 'user' | 'site', boolean>>) {
  const kinds = (['global', 'user', 'site'] as const).filter((kind) => given[kind])
  if (kinds.length <= 1) return kinds[0]
  throw new OptionError(`--${kinds.join(' and --')} exclude each other: each names one file`)
}

function splitName(name: string): IniPath {
  const normal = name.toLowerCase().replaceAll('_', '-').replace(/^--/, '')
  const at = normal.indexOf('.')
  if (at > 0) return [normal.slice(0, at), normal.slice(at + 1)]
  throw new UsageError(
    `${JSON.stringify(name.slice(0, 80))} names no section`,
    `perhaps global.${normal.slice(0, 80)} is meant`,
  )
}

/** pip ends lines at more than we do, and what stands behind such an end would be a setting of its own. */
function refuseOtherLines([section, key]: IniPath, value: string): void {
  const isName = [section, key].every((part) => /^[\w.:-]+$/.test(part))
  if (!isName)
    throw new UsageError(
      `${JSON.stringify(`${section}.${key}`.slice(0, 80))} is no name of a setting`,
      'it has letters, digits, dashes and a dot, such as global.index-url',
    )
  if (/[^\P{Cc}\n\t]/u.test(value))
    throw new UsageError(
      `the value of ${key} has control characters, which would come to stand in the file`,
      'write it without them; several values are told apart by spaces or line ends',
    )
}

function noSuchKey(name: string): UsageError {
  return new UsageError(
    `No such key - ${name.slice(0, 80)}`,
    'cheese config list shows those there are',
  )
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

/** It may come to hold passwords, so a new one is its owner's. */
function write(path: string, text: string): void {
  writeWhole(path, text, 0o600)
}

function sectionsOf(path: string, text: string) {
  try {
    return readIni(text)
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`)
  }
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1
}
