/** The users of an export become users here, without rights of their own and without tokens. */
import type { User } from '../../accounts/user.ts'
import { createUser, findUser } from '../../accounts/users.ts'
import type { Domain } from '../../domain.ts'
import { DomainError } from '../../errors.ts'
import type { Identity } from '../../identity.ts'
import type { ImportTools } from '../import-files.ts'
import type { DevpiUser } from './devpi-export.ts'

export interface Users {
  /** By the name that devpi knows; undefined for who cannot be a user here. */
  find(name: string): User | undefined
}

export async function makeUsers(
  domain: Domain,
  identity: Identity,
  users: readonly DevpiUser[],
  { isDryRun = false, onRemark = () => {} }: ImportTools,
): Promise<Users> {
  const found = new Map<string, User>()
  const made: string[] = []
  for (const { name, email } of users) {
    const known = await findUser(domain, name)
    if (known) found.set(name, known)
    else if (isDryRun) made.push(name)
    else {
      const wanted = { username: name, actor: identity.username, ...(email && { email }) }
      try {
        found.set(name, await createUser(domain, wanted))
        made.push(name)
      } catch (error) {
        if (!(error instanceof DomainError)) throw error
        onRemark(`The user ${JSON.stringify(name.slice(0, 60))} was left out: ${error.message}`)
      }
    }
  }
  if (made.length > 0) onRemark(sentence(made, isDryRun))
  return { find: (name) => found.get(name) }
}

function sentence(made: readonly string[], isDryRun: boolean): string {
  const users = `${made.length === 1 ? 'the user' : `${made.length} users`} ${made.join(', ')}`
  return isDryRun
    ? `Would create ${users}.`
    : `Created ${users}. Passwords of devpi are of no use here: give each a token with cheeseshop token create --user NAME --name NAME.`
}
