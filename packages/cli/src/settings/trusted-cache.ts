/** Whose cache may be believed: what lies in it is installed without another look. */

import { accessSync, constants, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { systemReason } from '@cheeseshop/archive'

/**
 * What speaks against the cache at the usual place, said of it; undefined where it may be used, and on systems without owners.
 * It belongs to neither the one who runs this nor, for all others, root: as with `sudo`, which leaves HOME as it was.
 * Or it is not there and cannot be made: as in a container whose user has the home of root.
 */
export function objectionToCache(path: string): string | undefined {
  const user = process.geteuid?.()
  if (user === undefined) return undefined
  try {
    const nearest = nearestFolder(path)
    const isThere = nearest.path === path
    // What root makes in a folder of somebody else can be moved away and replaced.
    const owner = isThere || user === 0 ? nearest.owner : user
    if (owner !== user && owner !== 0)
      return `belongs to another user (${owner}), who could change what is installed; this run does without. With sudo, "sudo -H" has a cache of its own; --cache-dir names one that you trust`
    if (!isThere) accessSync(nearest.path, constants.W_OK | constants.X_OK)
    return undefined
  } catch (error) {
    const reason = systemReason(error) ?? (error as Error).message
    return `cannot be reached or made (${reason}); this run does without. --cache-dir names another`
  }
}

function nearestFolder(path: string): { path: string; owner: number } {
  const found = statSync(path, { throwIfNoEntry: false })
  return found === undefined ? nearestFolder(dirname(path)) : { path, owner: found.uid }
}
