/** The names of an index at a moment: what had been created and not deleted, and what had come from upstreams. */
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import { sql } from 'kysely'
import type { ListedProject } from '../../catalog/list-projects.ts'
import type { Domain } from '../../domain.ts'
import type { IndexTree } from '../index-tree.ts'
import { defaultIndexId } from '../package-index.ts'
import type { Moment } from './moment.ts'

export async function* listProjectsAt(
  domain: Domain,
  tree: IndexTree,
  at: Moment,
): AsyncGenerator<ListedProject> {
  const listed = new Map<NormalizedName, ListedProject>()
  for (const name of await arrivedBefore(domain, tree, at)) {
    listed.set(name, { name, normalizedName: name, lastSerial: at.serial })
  }
  for (const { name, normalized_name } of await publishedBefore(domain, tree, at)) {
    const normalizedName = normalized_name as NormalizedName
    listed.set(normalizedName, { name, normalizedName, lastSerial: at.serial })
  }
  for (const { type, project_name } of await createdAndDeleted(domain, tree, at)) {
    const name = project_name ?? ''
    const normalizedName = normalizeName(name)
    if (type === 'project-deleted') listed.delete(normalizedName)
    else listed.set(normalizedName, { name, normalizedName, lastSerial: at.serial })
  }
  const names = [...listed.keys()].sort()
  for (const name of names) yield listed.get(name)!
}

/** What came with an import later, and was published elsewhere by then. */
async function publishedBefore(
  { db }: Domain,
  tree: IndexTree,
  { serial, time, isOfTime }: Moment,
) {
  if (!isOfTime) return []
  return db
    .selectFrom('projects')
    .select(['name', 'normalized_name'])
    .where('index_id', 'in', hostsOf(tree))
    .where('last_serial', '>', serial)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('files')
          .select('files.id')
          .whereRef('files.project_id', '=', 'projects.id')
          .where('uploaded_at', '<=', time.toISOString()),
      ),
    )
    .execute()
}

function hostsOf({ leaves }: IndexTree): number[] {
  return leaves.flatMap((leaf) => (leaf.kind === 'hosted' ? [leaf.index.id] : []))
}

function createdAndDeleted({ db }: Domain, tree: IndexTree, at: Moment) {
  return db
    .selectFrom('events')
    .select(['type', 'project_name'])
    .where('id', '<=', at.serial)
    .where('type', 'in', ['project-created', 'project-deleted'])
    .where(sql<number>`coalesce(index_id, ${sql.lit(defaultIndexId)})`, 'in', hostsOf(tree))
    .orderBy('id')
    .execute()
}

async function arrivedBefore(
  { db }: Domain,
  tree: IndexTree,
  at: Moment,
): Promise<NormalizedName[]> {
  const rows = await db
    .selectFrom('name_origins')
    .select('normalized_name')
    .where(
      'index_id',
      'in',
      tree.indexes.map(({ id }) => id),
    )
    .where('origin', '!=', 'hosted')
    .where('set_at', '<=', at.time.toISOString())
    .execute()
  return rows.map((row) => row.normalized_name as NormalizedName)
}
