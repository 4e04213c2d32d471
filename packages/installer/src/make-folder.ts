/** Folders, made where they are missing. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** As `mkdir -p`. On a file system that can only be read Node's own says ENOENT; this one tells the truth. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    makeFolder(dirname(path))
    if (!existsSync(path)) mkdirSync(path)
  }
}
