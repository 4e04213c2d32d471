/** What a user is to an index, and what that makes them to its projects. */
import type { Database, Tx } from '../../database/database.ts'
import type { IndexRole } from '../../database/schema.ts'
import type { Role } from '../catalog/rights.ts'
import type { PackageIndex } from './package-index.ts'

export async function findMemberRole(
  db: Database | Tx,
  indexId: number,
  userId: number,
): Promise<IndexRole | undefined> {
  const row = await db
    .selectFrom('index_members')
    .select('role')
    .where('index_id', '=', indexId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.role
}

/** Owners of an index own its projects, uploaders maintain them; whoever left an index of members keeps no project in it. */
export function roleInProject(
  { uploaders }: Pick<PackageIndex, 'uploaders'>,
  member: IndexRole | undefined,
  granted: Role | undefined,
): Role | undefined {
  if (member === 'owner') return 'owner'
  if (member === 'uploader') return granted ?? 'maintainer'
  return uploaders === 'everyone' ? granted : undefined
}

export function mayUploadTo(
  { uploaders }: Pick<PackageIndex, 'uploaders'>,
  member: IndexRole | undefined,
): boolean {
  return uploaders === 'everyone' || member === 'owner' || member === 'uploader'
}
