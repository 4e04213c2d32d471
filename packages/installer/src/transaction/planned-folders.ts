/** Which folders a transaction has to make, and that none of them leads out of the environment. */
import { dirname, sep } from 'node:path'
import type { Environment } from '../environment/environment.ts'
import { realPath } from '../uninstall.ts'
import { FolderView } from './folder-view.ts'
import type { OwnFolders } from './own-folders.ts'

/** Thrown when a wheel needs a folder where a file is, or the other way round. */
export class BlockedPath extends Error {
  override readonly name = 'BlockedPath'
}

export class PlannedFolders {
  /** The environment, as it is after what was taken away. */
  readonly view = new FolderView()
  /** To be made, parents before children. */
  readonly made: string[] = []
  /** The uppermost of those that are new: who takes them away takes all away. */
  readonly created: string[] = []
  readonly #wanted: OwnFolders
  readonly #environment: Environment
  /** Whether each folder is new. */
  readonly #isNew = new Map<string, boolean>()
  #roots: string[] | undefined

  constructor(wanted: OwnFolders, environment: Environment) {
    this.#wanted = wanted
    this.#environment = environment
  }

  isNew(folder: string): boolean {
    return this.#isNew.get(folder) === true
  }

  parentIsNew(path: string): boolean {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    return this.#isNew.get(parent) ?? this.#parentExists(parent)
  }

  /** Whether it is new. Throws `BlockedPath`. */
  plan(folder: string): boolean {
    const known = this.#isNew.get(folder)
    if (known !== undefined) return known
    const isInNew = dirname(folder) !== folder && this.parentIsNew(folder)
    const kind = isInNew ? undefined : this.view.kindOf(folder)
    if (kind === 'file') throw blocked(folder, 'the installation')
    if (kind === 'folder' && this.view.isLink(folder)) this.#requireInside(folder)
    const isNew = kind === undefined
    this.#isNew.set(folder, isNew)
    if (isNew && !this.#wanted.isOwn(folder)) this.made.push(folder)
    if (isNew && !isInNew) this.created.push(folder)
    return isNew
  }

  #parentExists(parent: string): boolean {
    if (this.view.hasFolder(parent) || parent === '/') {
      this.#requireInside(parent)
      this.#isNew.set(parent, false)
      return false
    }
    return this.plan(parent)
  }

  /** Whoever may write to a folder that others install into could lead them anywhere with a link. */
  #requireInside(folder: string): void {
    const roots = Object.values(this.#environment.scheme)
    if (!roots.some((root) => folder.startsWith(root + sep))) return
    const real = realPath(folder)
    this.#roots ??= roots.map(realPath)
    if (this.#roots.some((root) => real === root || real.startsWith(root + sep))) return
    throw new BlockedPath(
      `${folder} leads out of the environment, to ${real}; nothing is installed there. Nothing was changed. Remove the link if it is not yours.`,
    )
  }
}

export function blocked(path: string, project: string): BlockedPath {
  return new BlockedPath(
    `${path} would be a file and a folder at once; ${project} cannot be installed there. Nothing was changed.`,
  )
}
