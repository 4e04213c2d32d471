/** The names of an index with the origin each has in it. */
import type { ListedProject } from '../catalog/list-projects.ts'
import type { Domain } from '../domain.ts'
import type { IndexTree } from './index-tree.ts'
import { listIndexProjects } from './list-index-projects.ts'
import { decideOrigin, type Origin } from './name-origin.ts'
import { readNameRows } from './name-state.ts'

export interface ListedWithOrigin extends ListedProject {
  readonly origin: Origin
}

/** For a page of some hundred: each name is a question of its own. */
export async function listWithOrigins(
  domain: Domain,
  tree: IndexTree,
  part: { after: string; limit: number },
): Promise<ListedWithOrigin[]> {
  const listed = await Array.fromAsync(listIndexProjects(domain, tree, part))
  return Promise.all(
    listed.map(async (project) => {
      const rows = await readNameRows(domain.db, tree, project.normalizedName)
      return { ...project, origin: decideOrigin(tree, project.normalizedName, rows).origin }
    }),
  )
}
