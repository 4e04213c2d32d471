/** An index with everything it reads, flattened: which uploads and which upstreams are asked for a name, in order. */
import type { Database, Tx } from '../../database/database.ts'
import type { Domain } from '../domain.ts'
import type { Upstream } from '../upstream/upstreams.ts'
import { type PackageIndex, toPackageIndex } from './package-index.ts'

export interface IndexTree {
  readonly index: PackageIndex
  /** The index itself, and every index it reads. */
  readonly indexes: readonly PackageIndex[]
  readonly leaves: readonly Leaf[]
  readonly upstreams: readonly Upstream[]
  /** Another one after every change of any of the indexes. */
  readonly stamp: string
  /** Everyone may read all of it. */
  readonly isOpen: boolean
  /** Of a tree of the past: without the indexes that have a say in it only because they are read today. */
  readonly atMoment?: IndexTree
}

/** Where files come from in the end. */
export type Leaf =
  | (LeafPlace & { readonly kind: 'hosted' })
  | (LeafPlace & { readonly kind: 'upstream'; readonly upstream: Upstream })

interface LeafPlace {
  /** The one that lists the source. */
  readonly index: PackageIndex
  /**
   * All that have a say in what is shown, the asked index first: every index on any way from it to the source. What one
   * of them hides cannot come round another way.
   */
  readonly through: readonly PackageIndex[]
  /** A source of a moment in the past, and none of today. */
  readonly isFormer?: boolean
}

const known = new WeakMap<Database, Map<string, IndexTree>>()
const mostKnown = 1000

/** Undefined when there is no such index. A tree that was read before costs one look at its revisions. */
export async function readIndexTree(
  { db }: Pick<Domain, 'db'>,
  path: string,
): Promise<IndexTree | undefined> {
  const trees = known.get(db) ?? new Map<string, IndexTree>()
  known.set(db, trees)
  const earlier = trees.get(path)
  if (earlier && (await isCurrent(db, earlier))) return earlier
  trees.delete(path)
  const row = await db
    .selectFrom('indexes')
    .select('id')
    .where('path', '=', path)
    .executeTakeFirst()
  const tree = row && (await loadIndexTree(db, row.id))
  if (tree === undefined) return undefined
  if (trees.size >= mostKnown) trees.clear()
  trees.set(path, tree)
  return tree
}

/** As the database has it now, or with other sources where `sourcesOf` knows some. */
export async function loadIndexTree(
  db: Database | Tx,
  id: number,
  sourcesOf: Walk['sourcesOf'] = async () => undefined,
): Promise<IndexTree | undefined> {
  const walk: Walk = { db, sourcesOf, indexes: [], leaves: new Map(), reached: new Map() }
  await visit(walk, id)
  const { indexes, reached } = walk
  const [index] = indexes
  if (index === undefined) return undefined
  const leaves = Array.from(walk.leaves, ([key, leaf]) => ({
    ...leaf,
    through: indexes.filter((each) => reached.get(each.id)?.has(key)),
  }))
  return {
    index,
    indexes,
    leaves,
    upstreams: leaves.flatMap((leaf) => (leaf.kind === 'upstream' ? [leaf.upstream] : [])),
    stamp: stampOf(indexes),
    isOpen: indexes.every(({ readers }) => readers === 'everyone'),
  }
}

interface Walk {
  db: Database | Tx
  sourcesOf(index: number): Promise<readonly SourceOfIndex[] | undefined>
  indexes: PackageIndex[]
  leaves: Map<string, DistributedOmit<Leaf, 'through'>>
  /** By id of an index: the keys of the leaves that it leads to. */
  reached: Map<number, Set<string>>
}

type DistributedOmit<Type, Key extends PropertyKey> = Type extends unknown ? Omit<Type, Key> : never

/** Depth first; what was seen already is not asked twice. */
async function visit(walk: Walk, id: number): Promise<ReadonlySet<string>> {
  const { db, reached } = walk
  const seen = reached.get(id)
  if (seen) return seen
  const keys = new Set<string>()
  const row = await db.selectFrom('indexes').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return keys
  reached.set(id, keys)
  const claims = await db
    .selectFrom('name_claims')
    .select('pattern')
    .where('index_id', '=', id)
    .orderBy('pattern')
    .execute()
  const index = toPackageIndex(row, claims)
  walk.indexes.push(index)
  for (const source of (await walk.sourcesOf(id)) ?? (await readSources(db, id))) {
    if (source.kind !== 'index') keys.add(addLeaf(walk, index, source))
    else for (const key of await visit(walk, source.source_index_id!)) keys.add(key)
  }
  return keys
}

export interface SourceOfIndex {
  readonly kind: 'hosted' | 'index' | 'upstream'
  readonly source_index_id: number | null
  readonly upstream_id: number | null
  /** Of the upstream, as its URL. */
  readonly name: string | null
  readonly url: string | null
}

/** Its key. The first to list an upstream is the one that it comes to. */
function addLeaf({ leaves }: Walk, index: PackageIndex, source: SourceOfIndex): string {
  const { kind, upstream_id: id, name, url } = source
  const isHosted = kind === 'hosted'
  const key = isHosted ? `hosted ${index.id}` : `upstream ${id}`
  if (leaves.has(key)) return key
  if (isHosted) leaves.set(key, { index, kind })
  else leaves.set(key, { index, kind: 'upstream', upstream: { id: id!, name: name!, url: url! } })
  return key
}

function readSources(db: Database | Tx, index: number): Promise<SourceOfIndex[]> {
  return db
    .selectFrom('index_sources')
    .leftJoin('upstreams', 'upstreams.id', 'index_sources.upstream_id')
    .select(['kind', 'source_index_id', 'upstream_id', 'upstreams.name', 'upstreams.url'])
    .where('index_id', '=', index)
    .orderBy('position')
    .execute()
}

async function isCurrent(db: Database, tree: IndexTree): Promise<boolean> {
  const rows = await db
    .selectFrom('indexes')
    .select(['id', 'revision'])
    .where(
      'id',
      'in',
      tree.indexes.map(({ id }) => id),
    )
    .execute()
  const now = new Map(rows.map(({ id, revision }) => [id, revision]))
  return tree.indexes.every(({ id, revision }) => now.get(id) === revision)
}

function stampOf(indexes: readonly PackageIndex[]): string {
  return indexes.map(({ id, revision }) => `${id}.${revision}`).join(',')
}
