/** Finds the fewest moves that take files away: a folder of which nothing stays goes in one. */
import { type Dirent, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Removal {
  readonly files: ReadonlySet<string>
  /** Folders that go with all they hold. */
  readonly folders: readonly string[]
  /** Folders that stay in any case: those of the scheme. */
  readonly roots: ReadonlySet<string>
}

/** Paths of files and of whole folders, no one inside another; what is not there is left out. */
export function cover(removal: Removal): string[] {
  const folders = new Set(removal.folders)
  const touched = new Set<string>()
  for (const path of [...removal.files, ...folders]) {
    for (let folder = dirname(path); !touched.has(folder); folder = dirname(folder)) {
      touched.add(folder)
      if (removal.roots.has(folder) || dirname(folder) === folder) break
    }
  }
  const tops = [...touched].filter(
    (folder) => removal.roots.has(folder) || !touched.has(dirname(folder)),
  )
  const taken: string[] = []
  for (const top of tops) taken.push(...new Walk(removal, folders, touched).partsOf(top).parts)
  return taken
}

class Walk {
  readonly #removal: Removal
  readonly #folders: ReadonlySet<string>
  readonly #touched: ReadonlySet<string>

  constructor(removal: Removal, folders: ReadonlySet<string>, touched: ReadonlySet<string>) {
    this.#removal = removal
    this.#folders = folders
    this.#touched = touched
  }

  /** What goes of a folder, and whether that is all of it. */
  partsOf(folder: string): { parts: string[]; isWhole: boolean } {
    const parts: string[] = []
    let isWhole = !this.#removal.roots.has(folder)
    for (const entry of list(folder)) {
      const path = join(folder, entry.name)
      // Roots inside of other roots are walked on their own.
      if (this.#removal.roots.has(path)) isWhole = false
      else if (this.#folders.has(path)) parts.push(path)
      else if (entry.isDirectory()) {
        const inside = this.#touched.has(path) ? this.partsOf(path) : { parts: [], isWhole: false }
        if (inside.isWhole) parts.push(path)
        else {
          parts.push(...inside.parts)
          isWhole = false
        }
      } else if (this.#removal.files.has(path)) parts.push(path)
      else isWhole = false
    }
    return { parts, isWhole }
  }
}

function list(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}
