/** Finds an index by what people call it. */
import type { Database, Tx } from '../../database/database.ts'
import { DomainError } from '../errors.ts'
import { tryParseIndexPath } from './index-path.ts'
import { type IndexTree, loadIndexTree } from './index-tree.ts'

/** By its path, or `default`. DomainError `not-found`. */
export async function findTree(db: Database | Tx, name: string): Promise<IndexTree> {
  const path = tryParseIndexPath(name)
  const row =
    path === undefined
      ? undefined
      : await db.selectFrom('indexes').select('id').where('path', '=', path).executeTakeFirst()
  const tree = row && (await loadIndexTree(db, row.id))
  if (tree !== undefined) return tree
  throw new DomainError('not-found', `There is no index ${JSON.stringify(name.slice(0, 100))}.`)
}

export async function indexIdOf(db: Database | Tx, name: string): Promise<number> {
  return (await findTree(db, name)).index.id
}
