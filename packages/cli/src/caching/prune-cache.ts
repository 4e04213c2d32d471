/** Finds what no later run can use, and what a later run can have again without building. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CacheFolder, listCachedWheels } from '@cheeseshop/installer'

/** After so long nobody works on it any more, whoever has its process number now. */
const longest = 24 * 3_600_000

/** Leftovers of runs that were cut off, layouts and formats of other versions of the tool, and answers of what is gone. */
export function findLeftovers(cache: CacheFolder, now = Date.now()): string[] {
  const root = dirname(cache.path)
  const layouts = list(root).filter(
    (name) => /^v\d+$/.test(name) && join(root, name) !== cache.path,
  )
  const drafts = list(cache.join('tmp')).filter((name) => {
    const stat = statSync(cache.join('tmp', name), { throwIfNoEntry: false })
    return stat && (now - stat.mtimeMs > longest || !isRunning(Number(name.split('-')[0])))
  })
  return [
    ...layouts.map((name) => join(root, name)),
    ...findEarlierFormats(cache).map((name) => cache.join('client', name)),
    ...drafts.map((name) => cache.join('tmp', name)),
    ...findOrphans(cache),
  ]
}

/** What is kept of environments and interpreters that are not there any more. */
function findOrphans(cache: CacheFolder): string[] {
  return ['satisfied', 'interpreters', 'default-index']
    .flatMap((kind) => list(cache.join(kind)).map((name) => join(kind, name)))
    .filter((name) => !isAboutSomething(cache.readJson(name)))
    .map((name) => cache.join(name))
}

interface Answer {
  readonly about?: unknown
  /** Of an environment that others are like; what they have in common is what they were made from. */
  readonly folder?: unknown
  readonly facts?: { readonly executable?: unknown; readonly baseExecutable?: unknown } | null
}

function isAboutSomething(entry: unknown): boolean {
  const { about, folder, facts } = (entry ?? {}) as Answer
  const program = folder === undefined ? facts?.executable : facts?.baseExecutable
  const path = about ?? program
  return typeof path === 'string' && existsSync(path)
}

/** `http-v1` where there is `http-v2`. */
function findEarlierFormats(cache: CacheFolder): string[] {
  const kinds = list(cache.join('client')).flatMap((name) => {
    const [, kind, format] = /^(.+)-v(\d{1,6})$/.exec(name) ?? []
    return kind === undefined ? [] : [{ name, kind, format: Number(format) }]
  })
  return kinds
    .filter(({ kind, format }) => kinds.some((each) => each.kind === kind && each.format > format))
    .map(({ name }) => name)
}

/** For caches that are carried from one CI job to the next: downloading again is as fast as restoring. */
export function findDownloaded(cache: CacheFolder): string[] {
  const all = listCachedWheels(cache)
  const built = new Set(all.filter(({ unpacked }) => !unpacked).map(({ filename }) => filename))
  return all
    .filter((each) => each.unpacked && !built.has(each.filename))
    .map(({ folder }) => folder)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
