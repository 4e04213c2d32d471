/** Whose cache may be believed: what lies in it is installed without another look. */

import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * The user whom the cache at the usual place belongs to, where that is neither the one who runs this nor, for all others,
 * root: as with `sudo`, which leaves HOME as it was. Undefined where it may be used, and on systems without owners.
 */
export function otherOwnerOf(path: string): number | undefined {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  const owner = user === 0 ? nearestOwner(path) : statSync(path, { throwIfNoEntry: false })?.uid
  return owner === undefined || owner === user || owner === 0 ? undefined : owner
}

/** What root makes in a folder of somebody else can be moved away and replaced. */
function nearestOwner(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? nearestOwner(dirname(path)) : found.uid
}
