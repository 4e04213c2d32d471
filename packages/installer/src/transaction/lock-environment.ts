/** One process at a time changes an environment; what a dead one left half done is put right first. */
import { accessSync, constants, existsSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import { makeFolder } from '@cheeseshop/archive'
import type { Environment } from '../environment/environment.ts'
import type { OnEvent } from '../events.ts'
import { recover } from './journal.ts'
import { asWriteFailure } from './write-failure.ts'

export interface LockOptions {
  readonly onEvent?: OnEvent
  /** Milliseconds; forever unless given. */
  readonly timeout?: number
}

/** Thrown when another process keeps the environment for longer than the caller waits. */
export class EnvironmentBusy extends Error {
  override readonly name = 'EnvironmentBusy'
}

const pause = 40

/** Take it before looking at what is installed, so that nobody changes that in between. */
export class EnvironmentLock implements Disposable {
  readonly environment: Environment
  /** Where journal and stash are, on the file system of site-packages. It exists only while it is needed. */
  readonly folder: string
  readonly #database: DatabaseSync
  /** The outermost folder that had to be made to lock it. */
  readonly #made: string | undefined

  private constructor(environment: Environment, folder: string, { database, made }: Held) {
    this.environment = environment
    this.folder = folder
    this.#database = database
    this.#made = made
  }

  /** Waits for others, then undoes or completes what was cut off. Throws `EnvironmentBusy` and `WriteFailure`. */
  static async take(environment: Environment, options: LockOptions = {}): Promise<EnvironmentLock> {
    const { onEvent = () => {}, timeout = Number.POSITIVE_INFINITY } = options
    const folder = join(environment.scheme.purelib, '.cheese')
    const until = process.uptime() * 1000 + timeout
    let isWaiting = false
    for (;;) {
      const held = await tryLock(folder)
      if (held) {
        const lock = new EnvironmentLock(environment, folder, held)
        lock.#recover(onEvent)
        return lock
      }
      if (!isWaiting) onEvent({ type: 'lock-waiting', path: folder })
      isWaiting = true
      if (process.uptime() * 1000 > until) {
        throw new EnvironmentBusy(
          `Another process is changing ${environment.scheme.purelib}, and still is after ${Math.round(timeout / 1000)} s. Wait for it, or end it.`,
        )
      }
      await setTimeout(pause)
    }
  }

  #recover(onEvent: OnEvent): void {
    try {
      const outcome = recover(this.folder, this.environment.scheme)
      if (outcome) onEvent({ type: 'recovered', outcome, path: this.environment.scheme.purelib })
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  /** The lock file goes while it is still locked: whoever waits for it sees that it is another one now. */
  [Symbol.dispose](): void {
    if (!this.#database.isOpen) return
    rmSync(join(this.folder, 'lock'), { force: true })
    try {
      rmdirSync(this.folder)
      this.#removeMade()
    } catch {
      // A journal that could not be worked off, another process with a new lock, or folders that are needed now.
    }
    this.#database.close()
  }

  /** Throws at the first that is not empty. */
  #removeMade(): void {
    if (this.#made === undefined) return
    for (let path = this.folder; path !== this.#made; ) {
      path = dirname(path)
      rmdirSync(path)
    }
  }
}

interface Held {
  readonly database: DatabaseSync
  readonly made: string | undefined
}

/**
 * SQLite locks its file by the operating system, which lets go of it when a process dies, however it dies; Node has no
 * other way to that. Nothing is ever stored in it.
 */
async function tryLock(folder: string, madeBefore?: string): Promise<Held | undefined> {
  const { DatabaseSync } = await import('node:sqlite')
  const path = join(folder, 'lock')
  let made: string | undefined
  try {
    made = makeFolder(folder)
    made = madeBefore ?? made
  } catch (error) {
    // It went away with the lock of another process while it was looked at.
    const isGone = (error as { code?: string }).code === 'ENOENT' && existsSync(dirname(folder))
    if (isGone) return undefined
    throw asWriteFailure(error, folder)
  }
  const before = identityOf(path)
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path, { timeout: 0 })
    lockWhole(database)
    // The file may have been removed, and made anew by another, since we opened it.
    if (before !== undefined && identityOf(path) === before) return { database, made }
  } catch (error) {
    if (!isExpected(error, path)) {
      database?.close()
      throw asWriteFailure(error, path)
    }
  }
  database?.close()
  return before === undefined ? tryLock(folder, made) : undefined
}

/**
 * A file that it cannot open for writing SQLite opens for reading, and there an exclusive transaction is one of many. So a
 * change is asked for that is never written: no journal is needed beside the lock.
 */
export function lockWhole(database: DatabaseSync): void {
  database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; PRAGMA user_version = 1')
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.ino} ${stat.birthtimeNs}`
}

const sqliteBusy = 5
const sqliteReadOnly = 8
const sqliteCannotOpen = 14

/** Locked by another, or its folder went with another's lock, and may have come again, while it was opened. */
function isExpected(error: unknown, path: string): boolean {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff
  if (code === sqliteReadOnly) return !isReadOnly(path)
  return code === sqliteBusy || code === sqliteCannotOpen
}

function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK)
    return false
  } catch (error) {
    return (error as { code?: string }).code !== 'ENOENT'
  }
}
