/** The git-ignored folder where the benchmarks keep what is slow to make: tools, environments, databases. */
import { mkdirSync, mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../.cache/benchmarks/', import.meta.url))

export function cacheDirectory(name: string): string {
  const path = join(ROOT, name)
  mkdirSync(path, { recursive: true })
  return path
}

/** A new empty folder for one run, on the same disk as the cache (a temporary folder may be memory). */
export function scratchDirectory(name: string): string {
  return mkdtempSync(join(cacheDirectory('scratch'), `${name}-`))
}
