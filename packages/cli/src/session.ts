/** One run of a command: where it runs, what was said, and the things that commands ask for when they need them. */

import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Client } from '@cheeseshop/client'
import type { Environment, EnvironmentTarget, Interpreter } from '@cheeseshop/installer'
import {
  CacheFolder,
  defaultCachePath,
  findInterpreter,
  openEnvironment,
  pythonIn,
} from '@cheeseshop/installer'
import type { globalOptions } from './options/global-options.ts'
import type { OptionTable, ValuesOf } from './options/option.ts'
import type { Arguments } from './options/read-arguments.ts'
import type { Printer } from './report/printer.ts'
import { NoVirtualEnvironment } from './report/usage-error.ts'
import type { FoundTables, SettingSource } from './settings/setting-source.ts'
import { objectionToCache } from './settings/trusted-cache.ts'
import { readSetting, type Setting } from './settings.ts'

export interface SessionParts {
  readonly printer: Printer
  readonly folder: string
  /** Of the virtual environment that is meant, as far as it can be told without a Python. */
  readonly prefix?: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly words: readonly string[]
  readonly given: Arguments['given']
  readonly sources: readonly SettingSource[]
  readonly values: ValuesOf<typeof globalOptions>
  /** Work in nothing but a virtual environment. */
  readonly needsVirtual: boolean
}

export class Session {
  readonly printer: Printer
  /** The working folder. */
  readonly folder: string
  readonly environment: SessionParts['environment']
  readonly prefix: string | undefined
  readonly words: readonly string[]
  readonly #parts: SessionParts
  readonly #open: Client[] = []
  #cache: CacheFolder | undefined
  /** Gone with the session. */
  #ownCache: string | undefined
  #interpreter: Promise<Interpreter> | undefined

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.printer = parts.printer
    this.folder = parts.folder
    this.environment = parts.environment
    this.prefix = parts.prefix
    this.words = parts.words
  }

  /** A path as it was written here. */
  resolve(path: string): string {
    return resolve(this.folder, path)
  }

  get cache(): CacheFolder {
    const { values } = this.#parts
    const given = values['cache-dir']
    // Builds run in folders of their own, where a path from here leads nowhere.
    this.#cache ??= new CacheFolder(given === undefined ? this.#usualCache() : this.resolve(given))
    return this.#cache
  }

  #usualCache(): string {
    const path = defaultCachePath(this.environment)
    const objection = objectionToCache(path)
    if (objection === undefined) return path
    this.printer.warning(`the cache ${path} ${objection}`)
    this.#ownCache = mkdtempSync(join(tmpdir(), 'cheese-'))
    return this.#ownCache
  }

  /** Whether there is someone to answer, who may be asked. */
  get mayAsk(): boolean {
    return process.stdin.isTTY === true && !this.#parts.values['no-input']
  }

  get keepsCache(): boolean {
    return !this.#parts.values['no-cache-dir']
  }

  /** The interpreter that is meant. */
  interpreter(): Promise<Interpreter> {
    this.#interpreter ??= this.#findInterpreter()
    return this.#interpreter
  }

  async #findInterpreter(): Promise<Interpreter> {
    const { needsVirtual } = this.#parts
    const { python } = this.#parts.values
    const interpreter = await findInterpreter({
      python,
      cache: this.cache,
      env: this.environment,
      folder: this.folder,
    })
    this.#warnOfLostEnvironment(interpreter)
    if (needsVirtual && !interpreter.isVirtual) {
      throw new NoVirtualEnvironment(
        'there is no virtual environment, and --require-virtualenv asks for one',
        'cheese venv makes one',
      )
    }
    return interpreter
  }

  /** A shell still has it on: what is meant for it would go elsewhere. */
  #warnOfLostEnvironment({ executable }: Interpreter): void {
    const active = this.environment['VIRTUAL_ENV']
    if (this.#parts.values.python !== undefined || !active || existsSync(pythonIn(active))) return
    this.printer.warning(`VIRTUAL_ENV is ${active}, which has no Python; ${executable} is taken`)
  }

  /** Paths are as they were written here. */
  async openEnvironment(target: EnvironmentTarget = {}): Promise<Environment> {
    const { user = false } = target
    const [prefix, folder, root] = [target.prefix, target.target, target.root].map((path) =>
      path ? this.resolve(path) : undefined,
    )
    const places = { user, prefix, target: folder, root }
    return openEnvironment(await this.interpreter(), places, this.environment)
  }

  /** One setting and where it comes from. */
  setting(table: OptionTable, name: string): Setting {
    return readSetting({ name, option: table[name]! }, this.#parts.given, this.#parts.sources)
  }

  /** `[[NAME]]` of our own files. Nothing adds up: the strongest file counts. */
  tables(name: string): FoundTables | undefined {
    for (const source of this.#parts.sources) {
      const found = source.tables?.(name)
      if (found) return found
    }
    return undefined
  }

  /** Closed with the session. */
  keep(client: Client): Client {
    this.#open.push(client)
    return client
  }

  close(): void {
    for (const client of this.#open) client.close()
    if (this.#ownCache !== undefined) rmSync(this.#ownCache, { recursive: true, force: true })
  }
}
