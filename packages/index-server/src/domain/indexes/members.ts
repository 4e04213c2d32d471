/** Who reads, uploads to and owns an index. */
import { type Tx, transact } from '../../database/database.ts'
import type { IndexRole, UserRow } from '../../database/schema.ts'
import { normalizeUsername } from '../accounts/user.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { touchIndex } from './indexes.ts'
import { requireOwnedIndex } from './require-index.ts'

export const indexRoles = ['reader', 'uploader', 'owner'] as const satisfies readonly IndexRole[]

export interface IndexMember {
  readonly username: string
  readonly role: IndexRole
}

export interface MemberChange {
  readonly index: string
  readonly username: string
  /** Without it the user is no member any more. */
  readonly role?: IndexRole
}

/** By username. */
export async function listMembers({ db }: Domain, indexId: number): Promise<IndexMember[]> {
  return db
    .selectFrom('index_members')
    .innerJoin('users', 'users.id', 'index_members.user_id')
    .select(['users.username', 'index_members.role'])
    .where('index_id', '=', indexId)
    .orderBy('users.normalized_username')
    .execute()
}

/** Returns the serial of the index. */
export async function setMember(
  domain: Domain,
  identity: Identity,
  { index: name, username, role }: MemberChange,
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const { index } = await requireOwnedIndex(tx, domain, identity, name)
    const user = await requireUser(tx, username)
    const members = tx.selectFrom('index_members').where('index_id', '=', index.id)
    const known = await members.select('role').where('user_id', '=', user.id).executeTakeFirst()
    if (known?.role === role) return index.revision
    const at = domain.clock()
    const about = { at, actor: identity.username, index: index.id }
    await tx
      .deleteFrom('index_members')
      .where('index_id', '=', index.id)
      .where('user_id', '=', user.id)
      .execute()
    if (role === undefined) {
      const facts = { username: user.username, role: known?.role ?? 'reader' }
      const serial = await recordEvent(tx, { ...about, type: 'index-member-removed', facts })
      return touchIndex(tx, index.id, serial)
    }
    await tx
      .insertInto('index_members')
      .values({ index_id: index.id, user_id: user.id, role, created_at: at.toISOString() })
      .execute()
    const facts = { username: user.username, role }
    const serial = await recordEvent(tx, { ...about, type: 'index-member-set', facts })
    return touchIndex(tx, index.id, serial)
  })
}

async function requireUser(tx: Tx, username: string): Promise<Pick<UserRow, 'id' | 'username'>> {
  const user = await tx
    .selectFrom('users')
    .select(['id', 'username'])
    .where('normalized_username', '=', normalizeUsername(username))
    .executeTakeFirst()
  if (user !== undefined) return user
  const shown = JSON.stringify(username.slice(0, 80))
  throw new DomainError(
    'not-found',
    `There is no user ${shown}. Create them first: cheeseshop user create NAME.`,
  )
}
