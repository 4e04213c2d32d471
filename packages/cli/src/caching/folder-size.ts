/** How much there is in a folder. */

import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** In bytes; of what vanishes meanwhile nothing is said. */
export function folderSize(path: string): number {
  if (!existsSync(path)) return 0
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  let size = 0
  for (const entry of readdirSync(path, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    size += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0
  }
  return size
}
