/** Folders, made where they are missing. */
import { lstatSync, mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * As `mkdir -p`, with this mode for all of them; returns the outermost folder that was not there. Node's own tries for ever where the file system takes
 * no folder and says ENOENT (`/proc`), and says ENOENT where it can only be read; this one tells the truth.
 */
export function makeFolder(path: string, mode?: number): string | undefined {
  try {
    return makeOne(path, mode)
  } catch (error) {
    const parent = dirname(path)
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error
    const outermost = makeFolder(parent, mode)
    const made = makeOne(path, mode)
    return outermost ?? made
  }
}

/** Another process may have made it, and may have taken it away again. */
function makeOne(path: string, mode?: number): string | undefined {
  try {
    mkdirSync(path, mode)
    return path
  } catch (error) {
    if (isFolder(path)) return undefined
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found === undefined) return makeOne(path, mode)
    if (found.isDirectory()) return undefined
    throw error
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}
