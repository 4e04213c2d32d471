/** What the database holds of a name in the indexes of a tree, and a key that moves with it. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Database, Tx } from '../../database/database.ts'
import type { ProjectRow } from '../../database/schema.ts'
import type { Domain } from '../domain.ts'
import type { Revisions } from '../upstream/upstreams.ts'
import type { IndexTree } from './index-tree.ts'
import type { NameFacts, OriginFact } from './name-origin.ts'

export interface NameState extends NameFacts {
  readonly projects: readonly ProjectRow[]
  /** Of the upstreams that have the project. */
  readonly revisions: Revisions
  /** Equal to an earlier one only if every page of the name is still the same. */
  readonly key: string
}

export async function readNameState(
  { db, upstreams }: Domain,
  tree: IndexTree,
  name: NormalizedName,
): Promise<NameState> {
  const facts = await readNameRows(db, tree, name)
  const revisions = await upstreams.revisions(tree.upstreams, name)
  const key = [
    tree.stamp,
    ...facts.projects.map((project) => `${project.index_id}:${project.last_serial}`),
    ...facts.origins.map(
      ({ indexId, origin, setAt, setBy }) => `${indexId}=${origin}@${setAt}/${setBy}`,
    ),
    ...Array.from(revisions, ([id, revision]) => `${id}.${revision}`),
  ].join(' ')
  return { ...facts, revisions, key }
}

/** Inside the transaction of a change too. */
export async function readNameRows(
  db: Database | Tx,
  tree: Pick<IndexTree, 'indexes'>,
  name: NormalizedName,
): Promise<Omit<NameState, 'revisions' | 'key'>> {
  const ids = tree.indexes.map(({ id }) => id)
  const projects = await db
    .selectFrom('projects')
    .selectAll()
    .where('index_id', 'in', ids)
    .where('normalized_name', '=', name)
    .orderBy('index_id')
    .execute()
  const origins = await db
    .selectFrom('name_origins')
    .selectAll()
    .where('index_id', 'in', ids)
    .where('normalized_name', '=', name)
    .orderBy('index_id')
    .execute()
  return {
    projects,
    hostedIn: projects.map(({ index_id }) => index_id),
    origins: origins.map(
      (row): OriginFact => ({
        indexId: row.index_id,
        origin: row.origin,
        setAt: row.set_at,
        ...(row.set_by !== null && { setBy: row.set_by }),
      }),
    ),
  }
}
