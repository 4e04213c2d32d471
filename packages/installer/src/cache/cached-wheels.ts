/** Everything that the cache has of wheels: those unpacked, and those built here. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CacheFolder } from './cache-folder.ts'
import type { CachedWheel, WheelManifest } from './cached-wheel.ts'

export interface ListedWheel {
  readonly filename: string
  /** The folder of the entry: without it there is no such wheel. */
  readonly folder: string
  /** Undefined for a wheel file that was built here. */
  readonly unpacked: CachedWheel | undefined
}

/** By filename. Entries that cannot be read are left out: the next run throws them away. */
export function listCachedWheels(cache: CacheFolder): ListedWheel[] {
  return [...unpackedWheels(cache), ...builtWheels(cache)].sort((a, b) =>
    a.filename < b.filename ? -1 : 1,
  )
}

function unpackedWheels(cache: CacheFolder): ListedWheel[] {
  const names = list(cache.join('wheels')).flatMap((part) =>
    list(cache.join('wheels', part)).map((sha256) => ({ part, sha256 })),
  )
  return names.flatMap(({ part, sha256 }) => {
    const folder = cache.join('wheels', part, sha256)
    const stored = cache.readJson(join('wheels', part, sha256, 'manifest.json'))
    const { manifest } = (stored ?? {}) as { manifest?: WheelManifest }
    if (manifest?.filename === undefined) return []
    const unpacked = { sha256, tree: join(folder, 'tree'), manifest }
    return [{ filename: manifest.filename, folder, unpacked }]
  })
}

function builtWheels(cache: CacheFolder): ListedWheel[] {
  return list(cache.join('built')).flatMap((key) => {
    const folder = cache.join('built', key)
    const filename = list(folder).find((name) => name.endsWith('.whl'))
    return filename === undefined ? [] : [{ filename, folder, unpacked: undefined }]
  })
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
