/** One run of a command: where it runs, what was said, and the things that commands ask for when they need them. */

import { resolve } from 'node:path'
import type { Client } from '@cheeseshop/client'
import type { Environment, EnvironmentTarget, Interpreter } from '@cheeseshop/installer'
import {
  CacheFolder,
  defaultCachePath,
  findInterpreter,
  openEnvironment,
} from '@cheeseshop/installer'
import type { globalOptions } from './options/global-options.ts'
import type { OptionTable, ValuesOf } from './options/option.ts'
import type { Arguments } from './options/read-arguments.ts'
import type { Printer } from './report/printer.ts'
import { NoVirtualEnvironment } from './report/usage-error.ts'
import type { SettingSource } from './settings/setting-source.ts'
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
    this.#cache ??= new CacheFolder(
      given === undefined ? defaultCachePath(this.environment) : this.resolve(given),
    )
    return this.#cache
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
    if (needsVirtual && !interpreter.isVirtual) {
      throw new NoVirtualEnvironment(
        'there is no virtual environment, and --require-virtualenv asks for one',
        'cheese venv makes one',
      )
    }
    return interpreter
  }

  async openEnvironment(target: EnvironmentTarget = {}): Promise<Environment> {
    return openEnvironment(await this.interpreter(), target, this.environment)
  }

  /** One setting and where it comes from. */
  setting(table: OptionTable, name: string): Setting {
    return readSetting({ name, option: table[name]! }, this.#parts.given, this.#parts.sources)
  }

  /** Closed with the session. */
  keep(client: Client): Client {
    this.#open.push(client)
    return client
  }

  close(): void {
    for (const client of this.#open) client.close()
  }
}
