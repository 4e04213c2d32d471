/** Creates, lists and revokes API tokens. */
import { type Tx, transact } from '../../database/database.ts'
import type { UserRow } from '../../database/schema.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import {
  type ApiToken,
  apiTokenProblems,
  hashTokenText,
  makeTokenText,
  type NewApiToken,
  toApiToken,
} from './api-token.ts'

/** The text is returned once and kept nowhere. DomainError `invalid`, `not-found` (the user), `not-allowed`. */
export async function createToken(
  domain: Domain,
  wanted: NewApiToken,
): Promise<{ token: string; id: number }> {
  const at = domain.clock()
  const problems = apiTokenProblems(wanted, at)
  if (problems.length > 0) throw new DomainError('invalid', problems)
  const token = makeTokenText()
  const id = await transact(domain.db, async (tx) => {
    const user = await requireUser(tx, wanted)
    const { id } = await insertToken(tx, wanted, token, at)
    const { name, scopes } = wanted
    const facts = { tokenId: id, name, scopes, username: user.username }
    const actor = wanted.actor ?? user.username
    await recordEvent(tx, { type: 'token-created', at, actor, facts })
    return id
  })
  return { token, id }
}

/** The tokens of a user, oldest first; never their secrets. */
export async function listTokens({ db }: Domain, userId: number): Promise<ApiToken[]> {
  const rows = await db
    .selectFrom('tokens')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('id')
    .execute()
  return rows.map(toApiToken)
}

/** From this moment the token opens nothing. People revoke their own, administrators any; else `not-found`. */
export async function revokeToken(
  domain: Domain,
  who: Pick<Identity, 'userId' | 'username' | 'isAdministrator'>,
  id: number,
): Promise<void> {
  await transact(domain.db, async (tx) => {
    const token = await tx
      .deleteFrom('tokens')
      .where('id', '=', id)
      .$if(!who.isAdministrator, (query) => query.where('user_id', '=', who.userId))
      .returningAll()
      .executeTakeFirst()
    if (!token) throw new DomainError('not-found', `There is no token ${id} that you may revoke.`)
    const { name, scopes } = toApiToken(token)
    const { username } = await findOwner(tx, token.user_id)
    const facts = { tokenId: id, name, scopes, username }
    const at = domain.clock()
    await recordEvent(tx, { type: 'token-revoked', at, actor: who.username, facts })
  })
}

async function requireUser(tx: Tx, { userId, scopes }: NewApiToken): Promise<UserRow> {
  const user = await tx.selectFrom('users').selectAll().where('id', '=', userId).executeTakeFirst()
  if (!user) throw new DomainError('not-found', `There is no user with the id ${userId}.`)
  if (scopes.includes('admin') && !user.is_administrator) {
    throw new DomainError(
      'not-allowed',
      `Only administrators have tokens with the scope "admin"; "${user.username}" is none.`,
    )
  }
  return user
}

function insertToken(tx: Tx, wanted: NewApiToken, text: string, at: Date): Promise<{ id: number }> {
  return tx
    .insertInto('tokens')
    .values({
      user_id: wanted.userId,
      name: wanted.name,
      secret_sha256: hashTokenText(text).toString('hex'),
      scopes: JSON.stringify(wanted.scopes),
      projects: wanted.projects ? JSON.stringify(wanted.projects) : null,
      created_at: at.toISOString(),
      expires_at: wanted.expiresAt?.toISOString() ?? null,
      last_used_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
}

function findOwner(tx: Tx, userId: number): Promise<{ username: string }> {
  return tx
    .selectFrom('users')
    .select('username')
    .where('id', '=', userId)
    .executeTakeFirstOrThrow()
}
