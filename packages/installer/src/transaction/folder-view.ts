/** What is in the folders of an environment, as it will be once the old files are out of the way. */
import { type Dirent, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export type Kind = 'file' | 'folder'

/** Each folder is listed once: that costs less than asking for two of its files. */
export class FolderView {
  readonly #folders = new Map<string, Map<string, Kind> | undefined>()
  readonly #links = new Set<string>()

  kindOf(path: string): Kind | undefined {
    return this.#list(dirname(path))?.get(basename(path))
  }

  /** Counts as gone from now on, with all that is in it. */
  takeAway(path: string): void {
    this.#list(dirname(path))?.delete(basename(path))
    this.#folders.set(path, undefined)
  }

  /** Whether it is a link; one to a folder counts as a folder. */
  isLink(path: string): boolean {
    this.#list(dirname(path))
    return this.#links.has(path)
  }

  hasFolder(path: string): boolean {
    return this.#list(path) !== undefined
  }

  #list(folder: string): Map<string, Kind> | undefined {
    if (this.#folders.has(folder)) return this.#folders.get(folder)
    const isGone = dirname(folder) !== folder && this.#isAway(dirname(folder))
    const listed = isGone ? undefined : this.#read(folder)
    this.#folders.set(folder, listed)
    return listed
  }

  #read(folder: string): Map<string, Kind> | undefined {
    const kinds = new Map<string, Kind>()
    const entries = readFolder(folder)
    for (const entry of entries ?? []) {
      kinds.set(entry.name, kindOf(folder, entry))
      if (entry.isSymbolicLink()) this.#links.add(join(folder, entry.name))
    }
    return entries && kinds
  }

  /** Nothing is below a folder that is not there, or was taken away, however deep. */
  #isAway(folder: string): boolean {
    if (this.#folders.has(folder)) return this.#folders.get(folder) === undefined
    return dirname(folder) !== folder && this.#isAway(dirname(folder))
  }
}

function readFolder(folder: string): Dirent[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function kindOf(folder: string, entry: Dirent): Kind {
  if (!entry.isSymbolicLink()) return entry.isDirectory() ? 'folder' : 'file'
  const target = statSync(join(folder, entry.name), { throwIfNoEntry: false })
  return target?.isDirectory() ? 'folder' : 'file'
}
