/** Finds what no later run can use, and what a later run can have again without building. */

import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type CacheFolder, listCachedWheels } from '@cheeseshop/installer'

/** After so long nobody works on it any more, whoever has its process number now. */
const longest = 24 * 3_600_000

/** Leftovers of runs that were cut off, and layouts and formats of other versions of the tool. */
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
  ]
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
