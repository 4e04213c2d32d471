/** What a user is to an index, and what that makes them to its projects. */
import type { Database, Tx } from '../../database/database.ts'
import type { IndexRole } from '../../database/schema.ts'
import type { Role } from '../catalog/rights.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { indexName, type PackageIndex } from './package-index.ts'

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

/** DomainError `not-allowed`. */
export async function requireUploader(
  { db }: { readonly db: Database | Tx },
  index: PackageIndex,
  identity: Identity,
): Promise<void> {
  const member = await findMemberRole(db, index.id, identity.userId)
  if (identity.isAdministrator || mayUploadTo(index, member)) return
  throw new DomainError('not-allowed', notAnUploader(index, identity))
}

export function notAnUploader(
  index: Pick<PackageIndex, 'path'>,
  { username }: Pick<Identity, 'username'>,
): string {
  return `The user "${username}" may not upload to the index ${indexName(index)}. Ask one of its owners to be added as an uploader.`
}
