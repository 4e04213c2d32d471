/** The folder of everything that can be had again: entries appear whole or not at all, for any number of processes. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeFolder } from '@cheeseshop/archive'
import { asWriteFailure } from '../transaction/write-failure.ts'

/** The layout; another one would be another folder, so that two versions of the tool can share a cache. */
const layout = 'v1'

let serial = 0

export class CacheFolder {
  readonly path: string

  /** Nothing is made before it is needed. */
  constructor(path: string = defaultCachePath()) {
    this.path = join(path, layout)
  }

  join(...names: string[]): string {
    return join(this.path, ...names)
  }

  /** A new path on the file system of the cache, for what is then moved to its place. */
  temporaryPath(): string {
    const folder = this.join('tmp')
    try {
      makeFolder(folder)
    } catch (error) {
      throw asWriteFailure(error, folder)
    }
    serial += 1
    const begun = Date.now() - process.uptime() * 1000
    return join(folder, `${process.pid}-${begun.toString(36)}-${serial}`)
  }

  /** Moves a finished file or folder to its place; false when another process was faster, and its entry stays. */
  publish(finished: string, place: string): boolean {
    makeFolder(dirname(place))
    try {
      renameSync(finished, place)
      return true
    } catch (error) {
      const { code } = error as { code?: string }
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error
      rmSync(finished, { recursive: true, force: true })
      return false
    }
  }

  /** Undefined when the entry is not there or is no JSON: it is written anew then. */
  readJson(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.join(name), 'utf8'))
    } catch {
      return undefined
    }
  }

  /** Keeps a value; a cache that cannot be written is no reason to fail. */
  tryWriteJson(name: string, value: unknown): void {
    try {
      const finished = this.temporaryPath()
      writeFileSync(finished, JSON.stringify(value))
      this.publish(finished, this.join(name))
    } catch {
      // The value will be computed again.
    }
  }
}

/** Where programs of this system keep what can be had again. */
export function defaultCachePath(env: NodeJS.ProcessEnv = process.env): string {
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'cheese')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'cheese')
  if (process.platform === 'win32') {
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'cheese', 'cache')
  }
  return join(homedir(), '.cache', 'cheese')
}
