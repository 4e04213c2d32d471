/** The door to every change of an index: found, allowed, and not while the server is read-only. */
import type { Tx } from '../../database/database.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import { type Identity, tokenAllows } from '../identity.ts'
import { findTree } from './find-tree.ts'
import type { IndexTree } from './index-tree.ts'
import { findMemberRole } from './member-role.ts'
import { indexName } from './package-index.ts'

/** DomainError `temporarily-off`, `not-found` or `not-allowed`. */
export async function requireOwnedIndex(
  tx: Tx,
  domain: Domain,
  identity: Identity,
  name: string,
): Promise<IndexTree> {
  requireWritable(domain)
  const tree = await findTree(tx, name)
  requireManager(identity)
  if (identity.isAdministrator) return tree
  const { index } = tree
  if ((await findMemberRole(tx, index.id, identity.userId)) === 'owner') return tree
  throw new DomainError(
    'not-allowed',
    `The user "${identity.username}" does not own the index ${indexName(index)}. Ask one of its owners or an administrator.`,
  )
}

export function requireWritable({ rules }: Domain): void {
  if (!rules.readOnly) return
  throw new DomainError('temporarily-off', 'This index is read-only for now. Try again later.')
}

/** What concerns an index concerns all of its projects. */
export function requireManager(identity: Identity): void {
  if (!tokenAllows(identity, 'manage')) {
    throw new DomainError(
      'not-allowed',
      'This token may not change indexes: it lacks the scope "manage". Use a token that has it.',
    )
  }
  if (identity.projects === undefined) return
  throw new DomainError(
    'not-allowed',
    'This token is limited to some projects, and this is about a whole index. Use a token without that limit.',
  )
}
