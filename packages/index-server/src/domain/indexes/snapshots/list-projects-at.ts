/** The names of an index at a moment: what had been created and not deleted, and what had come from upstreams. */
import { setImmediate } from 'node:timers/promises'
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import { sql } from 'kysely'
import type { ListedProject } from '../../catalog/list-projects.ts'
import type { Domain } from '../../domain.ts'
import type { IndexTree } from '../index-tree.ts'
import { defaultIndexId } from '../package-index.ts'
import type { Moment } from './moment.ts'

interface Past {
  readonly domain: Domain
  readonly tree: IndexTree
  readonly at: Moment
}

export async function* listProjectsAt(
  domain: Domain,
  tree: IndexTree,
  at: Moment,
): AsyncGenerator<ListedProject> {
  const past = { domain, tree, at }
  const listed = new Map<NormalizedName, ListedProject>()
  const list = (name: string) => {
    const normalizedName = normalizeName(name)
    listed.set(normalizedName, { name, normalizedName, lastSerial: at.serial })
    return normalizedName
  }
  // An index of uploads alone lists what the log has: what an owner decides of a name later is none of it.
  if (tree.upstreams.length > 0) {
    for await (const { normalized_name: name } of arrivedBefore(past)) list(name)
  }
  for await (const { name } of publishedBefore(past)) list(name)
  const created = new Map<NormalizedName, number>()
  for await (const { id, project_name: name } of logged(past, 'project-created')) {
    created.set(list(name ?? ''), id)
  }
  for await (const { id, project_name } of logged(past, 'project-deleted')) {
    const name = normalizeName(project_name ?? '')
    if ((created.get(name) ?? 0) < id) listed.delete(name)
  }
  const names = [...listed.keys()].sort()
  for (const name of names) yield listed.get(name)!
}

/** Whether an import has brought something since that counts from a time gone by. */
export async function hasNewPast({ db }: Domain, at: Moment, serial: number): Promise<boolean> {
  if (!at.isOfTime) return false
  const imported = await db
    .selectFrom('events')
    .select('id')
    .where('id', '>', serial)
    .where('type', '=', 'file-published')
    .where('facts', 'like', '%"uploadedAt"%')
    .limit(1)
    .executeTakeFirst()
  return imported !== undefined
}

const pageSize = 1000

/** Others are answered between two pages. */
async function* paged<Row>(read: (last: Row | undefined) => Promise<Row[]>): AsyncGenerator<Row> {
  for (let last: Row | undefined; ; await setImmediate()) {
    const rows = await read(last)
    yield* rows
    last = rows.at(-1)
    if (rows.length < pageSize) return
  }
}

function arrivedBefore({ domain, tree, at }: Past) {
  return paged<{ normalized_name: string }>((last) =>
    domain.db
      .selectFrom('name_origins')
      .select('normalized_name')
      .distinct()
      .where(
        'index_id',
        'in',
        tree.indexes.map(({ id }) => id),
      )
      .where('origin', '!=', 'hosted')
      .where('set_at', '<=', at.time.toISOString())
      .where('normalized_name', '>', last?.normalized_name ?? '')
      .orderBy('normalized_name')
      .limit(pageSize)
      .execute(),
  )
}

/** What came with an import later, and was published elsewhere by then. */
async function* publishedBefore({ domain, tree, at }: Past) {
  if (!at.isOfTime) return
  for (const index of hostsOf(tree)) {
    yield* paged<{ name: string; last_serial: number }>((last) =>
      domain.db
        .selectFrom('projects')
        .select(['name', 'last_serial'])
        .where('index_id', '=', index)
        .where('last_serial', '>', last?.last_serial ?? at.serial)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('files')
              .select('files.id')
              .whereRef('files.project_id', '=', 'projects.id')
              .where('uploaded_at', '<=', at.time.toISOString()),
          ),
        )
        .orderBy('last_serial')
        .limit(pageSize)
        .execute(),
    )
  }
}

function hostsOf({ leaves }: IndexTree): number[] {
  return leaves.flatMap((leaf) => (leaf.kind === 'hosted' ? [leaf.index.id] : []))
}

function logged({ domain, tree, at }: Past, type: 'project-created' | 'project-deleted') {
  return paged<{ id: number; project_name: string | null }>((last) =>
    domain.db
      .selectFrom('events')
      .select(['id', 'project_name'])
      .where('type', '=', type)
      .where('version', 'is', null)
      .where('id', '>', last?.id ?? 0)
      .where('id', '<=', at.serial)
      .where(sql<number>`coalesce(index_id, ${sql.lit(defaultIndexId)})`, 'in', hostsOf(tree))
      .orderBy('id')
      .limit(pageSize)
      .execute(),
  )
}
