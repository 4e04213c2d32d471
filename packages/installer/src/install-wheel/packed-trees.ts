/** Trees on their way to another thread: lists as one text each, which are handed over in a tenth of the time. */
import type { OwnTrees } from './link-queue.ts'

export type PackedTrees = readonly {
  readonly from: string
  readonly to: string
  readonly folders: string
  readonly paths: string
}[]

/** No path has one in it. */
const separator = '\0'

export function packTrees(trees: OwnTrees): PackedTrees {
  return trees.map(({ from, to, folders, paths }) => ({
    from,
    to,
    folders: folders.join(separator),
    paths: paths.join(separator),
  }))
}

export function unpackTrees(trees: PackedTrees): OwnTrees {
  const list = (text: string) => (text === '' ? [] : text.split(separator))
  return trees.map(({ from, to, folders, paths }) => ({
    from,
    to,
    folders: list(folders),
    paths: list(paths),
  }))
}
