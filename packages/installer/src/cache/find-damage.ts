/** Compares an unpacked wheel of the cache with what it was when it was unpacked. */
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { parseRecord } from '@cheeseshop/packaging'
import type { CachedWheel } from './cached-wheel.ts'

/** A sentence part on the first file that is not what it should be; undefined for a whole wheel. */
export function findDamage({ tree, manifest }: CachedWheel): string | undefined {
  const rows = parseRecord(manifest.root.record)
  const expected = [
    ...manifest.root.paths.map((path, at) => ({ path, digest: rows[at]?.hash?.digest })),
    ...manifest.data,
  ]
  for (const { path, digest } of expected) {
    const found = digestOf(join(tree, path))
    if (found === undefined) return `${path} cannot be read`
    if (digest !== undefined && found !== digest) return `${path} has another content`
  }
  return undefined
}

/** Then it is not known what an entry holds, and it must not be thrown away. */
export function isOutOfFiles(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException
  return code === 'EMFILE' || code === 'ENFILE'
}

/** In URL-safe base64, as in RECORD. */
function digestOf(path: string): string | undefined {
  try {
    const file = openSync(path, 'r')
    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(1 << 20)
    try {
      for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
        hash.update(chunk.subarray(0, size))
      }
    } finally {
      closeSync(file)
    }
    return hash.digest('base64url')
  } catch (error) {
    if (isOutOfFiles(error)) throw error
    return undefined
  }
}
