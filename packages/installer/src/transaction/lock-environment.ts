/** One process at a time changes an environment; what a dead one left half done is put right first. */
import { existsSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { setTimeout } from 'node:timers/promises'
import type { Environment } from '../environment/environment.ts'
import type { OnEvent } from '../events.ts'
import { makeFolder } from '../make-folder.ts'
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
    const until = performance.now() + timeout
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
      if (performance.now() > until) {
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
    // Nothing is ever written: no journal is needed beside the lock.
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    // The file may have been removed, and made anew by another, since we opened it.
    if (before !== undefined && identityOf(path) === before) return { database, made }
  } catch (error) {
    if (!isExpected(error)) {
      database?.close()
      throw asWriteFailure(error, path)
    }
  }
  database?.close()
  return before === undefined ? tryLock(folder, made) : undefined
}

function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false })
  return stat && `${stat.ino} ${stat.birthtimeNs}`
}

const sqliteBusy = 5
const sqliteCannotOpen = 14

/** Locked by another, or its folder has just gone with another's lock. */
function isExpected(error: unknown): boolean {
  const { errcode } = error as { errcode?: number }
  return errcode !== undefined && [sqliteBusy, sqliteCannotOpen].includes(errcode & 0xff)
}
