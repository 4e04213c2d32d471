/** Tells who sent a token. */
import { timingSafeEqual } from 'node:crypto'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Tx } from '../../database/database.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity, Scope } from '../identity.ts'
import { hashTokenText, TOKEN_PREFIX } from './api-token.ts'

export type Credentials = { username: string; password: string } | { bearer: string }

const LONGEST_TOKEN = 200
/** `last_used_at` is for people: a minute is exact enough, and spares a write per request. */
const TOUCH_AFTER_MS = 60_000

/** DomainError `not-authenticated` in every other case, with a sentence that says what to do. */
export async function authenticate(domain: Domain, credentials: Credentials): Promise<Identity> {
  const found = await findToken(domain, tokenTextOf(credentials))
  const now = domain.clock()
  if (found.expires_at !== null && !(new Date(found.expires_at) > now)) {
    throw new DomainError(
      'not-authenticated',
      `The token expired at ${found.expires_at}. Make a new one and use that.`,
    )
  }
  await touch(domain, found, now)
  return {
    userId: found.user_id,
    username: found.username,
    isAdministrator: found.is_administrator === 1,
    tokenId: found.id,
    scopes: new Set(JSON.parse(found.scopes) as Scope[]),
    ...(found.projects !== null && {
      projects: new Set(JSON.parse(found.projects) as NormalizedName[]),
    }),
  }
}

/** For the transaction of a change that was long in coming: a token revoked meanwhile opens nothing. */
export async function requireToken(tx: Tx, { tokenId }: Identity): Promise<void> {
  if (tokenId === OPERATOR) return
  const token = await tx
    .selectFrom('tokens')
    .select('id')
    .where('id', '=', tokenId)
    .executeTakeFirst()
  if (token) return
  throw new DomainError(
    'not-authenticated',
    'The token was revoked while the request was under way. Make a new one.',
  )
}

/** The id in place of a token where somebody works on the index's own machine. */
const OPERATOR = 0

type FoundToken = Awaited<ReturnType<typeof findToken>>

function tokenTextOf(credentials: Credentials): string {
  if ('username' in credentials && credentials.username !== '__token__') {
    throw new DomainError(
      'not-authenticated',
      'Only API tokens open this index. Use __token__ as the username and the token as the password.',
    )
  }
  // People paste a token with the newline that followed it.
  const text = ('bearer' in credentials ? credentials.bearer : credentials.password).trim()
  if (!text.startsWith(TOKEN_PREFIX) || text.length > LONGEST_TOKEN) {
    throw new DomainError(
      'not-authenticated',
      `What was sent as the token is none: a token begins with "${TOKEN_PREFIX}". Copy all of it.`,
    )
  }
  return text
}

async function findToken({ db }: Domain, text: string) {
  const hash = hashTokenText(text)
  const row = await db
    .selectFrom('tokens')
    .innerJoin('users', 'users.id', 'tokens.user_id')
    .select(['tokens.id', 'tokens.user_id', 'tokens.secret_sha256', 'tokens.scopes'])
    .select(['tokens.projects', 'tokens.expires_at', 'tokens.last_used_at'])
    .select(['users.username', 'users.is_administrator'])
    .where('tokens.secret_sha256', '=', hash.toString('hex'))
    .executeTakeFirst()
  // The database compared the hash, not the secret; this keeps even the hash from leaking by time.
  if (!row || !timingSafeEqual(Buffer.from(row.secret_sha256, 'hex'), hash)) {
    throw new DomainError(
      'not-authenticated',
      'The token is not known here: it was revoked, or belongs to another index. Make a new one.',
    )
  }
  return row
}

async function touch({ db, rules }: Domain, token: FoundToken, now: Date): Promise<void> {
  const { last_used_at: last } = token
  if (rules.readOnly || (last && now.getTime() - Date.parse(last) < TOUCH_AFTER_MS)) return
  await db
    .updateTable('tokens')
    .set({ last_used_at: now.toISOString() })
    .where('id', '=', token.id)
    .execute()
}
