/** An index with the sources that it had at a moment. Who keeps a name, and who may read, is as today. */
import type { Database } from '../../../database/database.ts'
import { tryParseIndexPath } from '../index-path.ts'
import { type IndexTree, type Leaf, loadIndexTree, type SourceOfIndex } from '../index-tree.ts'
import type { Moment } from './moment.ts'

/** What keeps names today is part of it too: an upstream that was a source once shows none that was taken since. */
export async function readTreeAt(
  db: Database,
  tree: IndexTree,
  { serial, isPast }: Moment,
): Promise<IndexTree> {
  if (!isPast) return tree
  const then = await loadIndexTree(db, tree.index.id, (id) => readSourcesAt(db, id, serial))
  if (then === undefined) return tree
  const others = tree.indexes.filter(({ id }) => !then.indexes.some((each) => each.id === id))
  return {
    ...then,
    indexes: [...then.indexes, ...others],
    leaves: then.leaves.map((leaf) => (isAmong(tree, leaf) ? leaf : { ...leaf, isFormer: true })),
    stamp: `${tree.stamp} then ${then.stamp}`,
    isOpen: tree.isOpen && then.isOpen,
    atMoment: then,
  }
}

function isAmong({ leaves }: IndexTree, leaf: Leaf): boolean {
  const keyOf = (each: Leaf) =>
    `${each.kind} ${(each.kind === 'hosted' ? each.index : each.upstream).id}`
  return leaves.some((each) => keyOf(each) === keyOf(leaf))
}

/** Before its first event an index is taken for what it was made as: so the past of an upstream can be had, too. */
async function readSourcesAt(
  db: Database,
  id: number,
  serial: number,
): Promise<SourceOfIndex[] | undefined> {
  const changes = db
    .selectFrom('events')
    .select(['at', 'facts'])
    .where('type', 'in', ['index-created', 'index-changed'])
    .where('version', 'is', null)
    .where('index_id', '=', id)
    .limit(1)
  const before = await changes.where('id', '<=', serial).orderBy('id', 'desc').executeTakeFirst()
  const change = before ?? (await changes.orderBy('id').executeTakeFirst())
  if (change === undefined) return undefined
  const { sources: became, formerSources } = JSON.parse(change.facts) as {
    sources: readonly string[]
    formerSources?: readonly string[]
  }
  const sources = before === undefined ? (formerSources ?? became) : became
  const found = await Promise.all(sources.map((name) => findSource(db, name, change.at)))
  return found.filter((source) => source !== undefined)
}

/** What has the name today but came later is another; what is gone is left out. */
async function findSource(
  db: Database,
  name: string,
  since: string,
): Promise<SourceOfIndex | undefined> {
  const none = { source_index_id: null, upstream_id: null, name: null, url: null }
  if (name === 'hosted') return { ...none, kind: 'hosted' }
  const upstream = await db
    .selectFrom('upstreams')
    .select(['id', 'name', 'url'])
    .where('name', '=', name)
    .where('created_at', '<=', since)
    .executeTakeFirst()
  if (upstream) return { ...none, ...upstream, kind: 'upstream', upstream_id: upstream.id }
  const index = await db
    .selectFrom('indexes')
    .select('id')
    .where('path', '=', tryParseIndexPath(name) ?? name)
    .where('created_at', '<=', since)
    .executeTakeFirst()
  return index && { ...none, kind: 'index', source_index_id: index.id }
}
