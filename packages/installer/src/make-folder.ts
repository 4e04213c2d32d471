/** Folders, made where they are missing. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * As `mkdir -p`; returns the outermost folder that was not there. On a file system that can only be read Node's own
 * says ENOENT; this one tells the truth.
 */
export function makeFolder(path: string): string | undefined {
  try {
    return mkdirSync(path, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const made = makeFolder(dirname(path))
    if (existsSync(path)) return made
    mkdirSync(path)
    return made ?? path
  }
}
