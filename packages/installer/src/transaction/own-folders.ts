/** The folders that only one of several wheels wants: what it puts there is in nobody's way, and needs no second look. */
import { dirname } from 'node:path'
import type { PlacedTree, WheelPlacement } from '../install-wheel.ts'

export class OwnFolders {
  /** By path, in an order in which they can be made; null where somebody else puts something there too. */
  readonly #owners = new Map<string, WheelPlacement | null>()
  readonly #shared = new Set<string>()

  constructor(placements: readonly WheelPlacement[]) {
    for (const placement of placements) {
      for (const { to, folders } of placement.trees) {
        for (const folder of folders) this.#claim(`${to}/${folder}`, placement)
      }
    }
    for (const { linked, written } of placements) {
      for (const { to } of linked) this.#share(dirname(to))
      for (const { to } of written) this.#share(dirname(to))
    }
  }

  /** All that trees have, also those that are shared. */
  get all(): Iterable<string> {
    return this.#owners.keys()
  }

  has(folder: string): boolean {
    return this.#owners.has(folder)
  }

  isOwn(folder: string): boolean {
    return Boolean(this.#owners.get(folder))
  }

  #claim(folder: string, by: WheelPlacement): void {
    const owner = this.#owners.get(folder)
    if (owner === undefined) this.#owners.set(folder, by)
    else if (owner !== by) this.#owners.set(folder, null)
  }

  /** With all above it, so that what is shared never lies in what is not. */
  #share(folder: string): void {
    if (this.#shared.has(folder)) return
    this.#shared.add(folder)
    if (this.#owners.has(folder)) this.#owners.set(folder, null)
    if (dirname(folder) !== folder) this.#share(dirname(folder))
  }
}

/** One tree in two: what lies in folders of which `isOwn` holds, and the paths of the rest. */
export function splitTree(
  tree: PlacedTree,
  isOwn: (folder: string) => boolean,
): [own: PlacedTree, others: string[]] {
  const { from, to, folders, paths } = tree
  const own: string[] = []
  const others: string[] = []
  let folder = ''
  let list = others
  for (const path of paths) {
    const slash = Math.max(0, path.lastIndexOf('/'))
    // Most files follow one of their folder.
    if (slash !== folder.length || !path.startsWith(folder)) {
      folder = path.slice(0, slash)
      list = isOwn(`${to}/${folder}`) ? own : others
    }
    list.push(path)
  }
  return [
    { from, to, folders: folders.filter((each) => isOwn(`${to}/${each}`)), paths: own },
    others,
  ]
}
