/** Reads everything in the cache that can be checked, and throws away what is damaged: it comes back when it is needed. */

import { existsSync } from 'node:fs'
import { verifyEntries } from '@cheeseshop/client'
import { findDamage, listCachedWheels, WheelCache } from '@cheeseshop/installer'
import { tell } from '../installing/tell.ts'
import type { Session } from '../session.ts'

export interface CacheCheck {
  readonly wheels: number
  /** Pages of indexes, metadata of files, and solutions. */
  readonly entries: number
  /** Paths. */
  readonly damaged: readonly string[]
  /** Of those, what this user may not remove. */
  readonly left: readonly string[]
  /** What this user may not read. */
  readonly unread: readonly string[]
}

export async function verifyCache(session: Session): Promise<CacheCheck> {
  const { cache } = session
  await using wheels = new WheelCache(cache, (event) => tell(event, session))
  const unpacked = listCachedWheels(cache).flatMap(({ unpacked: wheel, folder }) =>
    wheel === undefined ? [] : [{ wheel, folder }],
  )
  const damaged = unpacked.filter(({ wheel }) => {
    const damage = findDamage(wheel)
    if (damage !== undefined) wheels.discard(wheel.sha256, damage)
    return damage !== undefined
  })
  const entries = verifyEntries(cache.join('client'))
  const paths = [...damaged.map(({ folder }) => folder), ...entries.damaged]
  return {
    wheels: unpacked.length,
    entries: entries.checked,
    damaged: paths,
    left: paths.filter((path) => existsSync(path)),
    unread: entries.unread,
  }
}
