/** Who may read an index: whoever may read all that it reads. */
import type { Database, Tx } from '../../database/database.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import type { IndexTree } from './index-tree.ts'
import { indexName } from './package-index.ts'

/** DomainError `not-allowed`. What a reader may not see is never left out in silence: that could show something else. */
export async function requireReader(
  { db }: { readonly db: Database | Tx },
  tree: IndexTree,
  identity: Identity,
): Promise<void> {
  if (tree.isOpen || identity.isAdministrator) return
  const rows = await db
    .selectFrom('index_members')
    .select('index_id')
    .where('user_id', '=', identity.userId)
    .where(
      'index_id',
      'in',
      tree.indexes.map(({ id }) => id),
    )
    .execute()
  const joined = new Set(rows.map(({ index_id }) => index_id))
  const closed = tree.indexes.find(({ id, readers }) => readers === 'members' && !joined.has(id))
  if (closed === undefined) return
  const through =
    closed === tree.index ? '' : `, which the index ${indexName(tree.index)} reads from`
  throw new DomainError(
    'not-allowed',
    `The user "${identity.username}" may not read the index ${indexName(closed)}${through}. Ask one of its owners to be added as a reader.`,
  )
}

/** Tells of each index by its id whether the user may read it, which is to say all that it reads. */
export async function mayRead(
  { db }: { readonly db: Database },
  { isAdministrator, userId }: Identity,
): Promise<(index: number) => boolean> {
  if (isAdministrator) return () => true
  const rows = await db
    .selectFrom('indexes')
    .leftJoin('index_members', (join) =>
      join
        .onRef('index_members.index_id', '=', 'indexes.id')
        .on('index_members.user_id', '=', userId),
    )
    .select('indexes.id')
    .where((where) =>
      where.or([where('readers', '=', 'everyone'), where('user_id', 'is not', null)]),
    )
    .execute()
  const readable = new Set(rows.map(({ id }) => id))
  const sources = await db
    .selectFrom('index_sources')
    .select(['index_id', 'source_index_id'])
    .where('source_index_id', 'is not', null)
    .execute()
  const isThrough = ({ index_id: id, source_index_id: source }: (typeof sources)[number]) =>
    readable.has(id) && !readable.has(source!)
  // What cannot be read closes those that read it, and they the next.
  for (let shut = sources.find(isThrough); shut; shut = sources.find(isThrough)) {
    readable.delete(shut.index_id)
  }
  return (index) => readable.has(index)
}
