/** Creates and finds users. */
import { type Tx, transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import { normalizeUsername, toUser, type User, usernameProblems } from './user.ts'

export interface NewUser {
  username: string
  displayName?: string
  email?: string
  isAdministrator?: boolean
  /** Who creates the user; default: the user itself. */
  actor?: string
}

/** DomainError `invalid` for a username that breaks the rules, `conflict` for one that is taken. */
export async function createUser(domain: Domain, user: NewUser): Promise<User> {
  return transact(domain.db, (tx) => insertUser(tx, domain.clock(), user))
}

/** For the first start: undefined when there is a user already, also when another process made it just now. */
export async function createAdministrator(
  domain: Domain,
  username: string,
): Promise<User | undefined> {
  return transact(domain.db, async (tx) => {
    const someone = await tx.selectFrom('users').select('id').limit(1).executeTakeFirst()
    if (someone) return undefined
    return insertUser(tx, domain.clock(), { username, isAdministrator: true })
  })
}

export async function findUser({ db }: Domain, username: string): Promise<User | undefined> {
  const row = await db
    .selectFrom('users')
    .selectAll()
    .where('normalized_username', '=', normalizeUsername(username))
    .executeTakeFirst()
  return row && toUser(row)
}

async function insertUser(tx: Tx, at: Date, user: NewUser): Promise<User> {
  const { username, isAdministrator = false } = user
  const problems = usernameProblems(username)
  if (problems.length > 0) throw new DomainError('invalid', problems)
  await refuseTakenUsername(tx, username)
  const row = await tx
    .insertInto('users')
    .values({
      username,
      normalized_username: normalizeUsername(username),
      display_name: user.displayName ?? username,
      email: user.email ?? null,
      is_administrator: isAdministrator ? 1 : 0,
      created_at: at.toISOString(),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  const actor = user.actor ?? username
  await recordEvent(tx, { type: 'user-created', at, actor, facts: { username, isAdministrator } })
  return toUser(row)
}

async function refuseTakenUsername(tx: Tx, username: string): Promise<void> {
  const taken = await tx
    .selectFrom('users')
    .select('username')
    .where('normalized_username', '=', normalizeUsername(username))
    .executeTakeFirst()
  if (taken) {
    throw new DomainError('conflict', [
      {
        code: 'username-taken',
        field: 'username',
        message: `There is a user "${taken.username}" already. Choose another username.`,
      },
    ])
  }
}
