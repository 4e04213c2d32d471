/** The names of an index: of every index it reads, once each, and what it has from upstreams so far. */
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import {
  type ListedProject,
  listProjects,
  type ProjectListChange,
  type ProjectListPart,
  projectsChangedSince,
} from '../catalog/list-projects.ts'
import type { Domain } from '../domain.ts'
import type { IndexTree } from './index-tree.ts'

/** By normalized name. */
export async function* listIndexProjects(
  domain: Domain,
  tree: IndexTree,
  part: Omit<ProjectListPart, 'index'> = {},
): AsyncGenerator<ListedProject> {
  const { limit: most = Number.POSITIVE_INFINITY } = part
  const lists: AsyncGenerator<ListedProject>[] = hostsOf(tree).map((index) =>
    listProjects(domain, { ...part, index }),
  )
  if (tree.upstreams.length > 0) lists.push(listArrivals(domain, tree, part))
  let count = 0
  for await (const project of mergeByName(lists)) {
    if (++count > most) return
    yield project
  }
}

/** What was listed, or is, and may be listed differently now. */
export async function indexProjectsChangedSince(
  domain: Domain,
  tree: IndexTree,
  serial: number,
): Promise<ProjectListChange[]> {
  const hosts = hostsOf(tree)
  const lists = await Promise.all(hosts.map((index) => projectsChangedSince(domain, serial, index)))
  if (hosts.length === 1 && tree.upstreams.length === 0) return lists.flat()
  const names = new Set(lists.flat().map(({ normalizedName }) => normalizedName))
  for (const name of await arrivedSince(domain, serial)) names.add(name)
  return Promise.all([...names].map((name) => changeOf(domain, tree, name)))
}

function hostsOf(tree: IndexTree): number[] {
  return tree.leaves.flatMap((leaf) => (leaf.kind === 'hosted' ? [leaf.index.id] : []))
}

async function changeOf(
  domain: Domain,
  tree: IndexTree,
  normalizedName: NormalizedName,
): Promise<ProjectListChange> {
  for await (const listed of listIndexProjects(domain, tree, { only: normalizedName })) {
    return { normalizedName, listed }
  }
  return { normalizedName }
}

const pageSize = 1000

async function* listArrivals(
  { db }: Domain,
  tree: IndexTree,
  part: Omit<ProjectListPart, 'index'>,
): AsyncGenerator<ListedProject> {
  let { after = '' } = part
  const indexes = tree.indexes.map(({ id }) => id)
  for (;;) {
    let select = db
      .selectFrom('name_origins')
      .select('normalized_name')
      .distinct()
      .where('index_id', 'in', indexes)
      .where('origin', '!=', 'hosted')
      .where('normalized_name', '>', after)
    if (part.only !== undefined) select = select.where('normalized_name', '=', part.only)
    const rows = await select.orderBy('normalized_name').limit(pageSize).execute()
    for (const { normalized_name: name } of rows) {
      yield { name, normalizedName: name as NormalizedName, lastSerial: 0 }
    }
    if (rows.length < pageSize) return
    after = rows.at(-1)!.normalized_name
  }
}

async function arrivedSince({ db }: Domain, serial: number): Promise<NormalizedName[]> {
  const rows = await db
    .selectFrom('events')
    .select('facts')
    .where('id', '>', serial)
    .where('type', '=', 'origin-set')
    .where('version', 'is', null)
    .execute()
  return rows.map(({ facts }) => normalizeName((JSON.parse(facts) as { name: string }).name))
}

/** Lists that are each in order, as one; a name of several is shown as the first of them has it. */
async function* mergeByName(
  lists: readonly AsyncGenerator<ListedProject>[],
): AsyncGenerator<ListedProject> {
  if (lists.length === 1) {
    yield* lists[0]!
    return
  }
  const heads = await Promise.all(lists.map((list) => list.next()))
  for (;;) {
    const names = heads.flatMap(({ done, value }) => (done ? [] : [value.normalizedName]))
    const [least] = names.sort()
    if (least === undefined) return
    let merged: ListedProject | undefined
    for (const [at, head] of heads.entries()) {
      if (head.done || head.value.normalizedName !== least) continue
      const lastSerial = Math.max(merged?.lastSerial ?? 0, head.value.lastSerial)
      merged = { ...(merged ?? head.value), lastSerial }
      heads[at] = await lists[at]!.next()
    }
    yield merged!
  }
}
