/** Notices that files of an unpacked wheel were cut or changed, without reading them: by their sizes and times. */
import { type Stats, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import type { CachedWheel } from './cached-wheel.ts'
import { findDamage } from './find-damage.ts'

/** A look at each file takes a third of the time of linking it: small wheels are looked at whenever they are used. */
const smallWheel = 100
/** And larger ones when nobody has done so for this long, in ms. */
const longAgo = 3_600_000

/**
 * A sentence part on the damage, like `findDamage`. `manifest` is the file beside the tree: it was written after all
 * others, and its time is that of the last look.
 */
export function noticeDamage(
  wheel: CachedWheel,
  manifest: string,
  { mtimeMs }: Stats,
): string | undefined {
  const { root, data } = wheel.manifest
  const age = Date.now() - mtimeMs
  const isRecent = age >= 0 && age < longAgo
  if (isRecent && root.paths.length + data.length > smallWheel) return undefined
  // Times change also when a cache is copied: only the contents prove something.
  const isSame = looksTheSame(wheel, mtimeMs)
  const damage = isSame ? undefined : findDamage(wheel)
  if (damage === undefined && !(isSame && isRecent)) remember(manifest)
  return damage
}

function looksTheSame({ tree, manifest }: CachedWheel, since: number): boolean {
  const { root, data } = manifest
  let rest = sizesIn(root.record) + data.reduce((sum, { size }) => sum + size, 0)
  for (const path of [...root.paths, ...data.map((file) => file.path)]) {
    const stats = statSync(join(tree, path), { throwIfNoEntry: false })
    if (stats === undefined || stats.mtimeMs > since) return false
    rest -= stats.size
  }
  return rest === 0
}

/** The rows are ours, and the size is their last field. */
function sizesIn(record: string): number {
  let sum = 0
  for (const row of record.split('\n')) sum += Number(row.slice(row.lastIndexOf(',') + 1))
  return sum
}

function remember(manifest: string): void {
  const now = new Date()
  try {
    utimesSync(manifest, now, now)
  } catch {
    // In a cache that can only be read, the next run looks again.
  }
}
