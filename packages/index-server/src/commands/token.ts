/** `cheeseshop token ...`: makes, lists and revokes API tokens; works while the server runs. */
import { normalizeName } from '@cheeseshop/packaging'
import { UsageError } from '../config/usage-error.ts'
import { choice, duration, list, text } from '../config/value-types.ts'
import type { User } from '../domain/accounts/user.ts'
import { findUser } from '../domain/accounts/users.ts'
import type { Domain } from '../domain/domain.ts'
import { type Scope, scopes } from '../domain/identity.ts'
import { createToken, listTokens, revokeToken } from '../domain/trust/api-tokens.ts'
import { administratorIdentity, openDomain } from '../open-domain.ts'
import { command, option } from './command.ts'
import { table } from './table.ts'

const user = option(text, 'Whose token. Without it, the administrator.')
export const tokenCreate = command({
  name: 'token create',
  summary: 'Make an API token and print it alone; it is never shown again.',
  options: {
    name: option(text, 'What the token is for, for the people who see the list.'),
    scopes: option(list, `What it may do: ${scopes.join(', ')}.`, ['upload'] as readonly string[]),
    projects: option(list, 'The only projects it is good for. Without it, all.'),
    'expires-in': option(duration, 'How long it is good for, such as 90d. Without it, for ever.'),
    user,
  },
  async run({ config, options, print }) {
    if (options.name === undefined) {
      throw new UsageError('a token needs a name', 'Say what it is for: --name "ci of project x"')
    }
    await using opened = await openDomain(config)
    const { domain } = opened
    const owner = await requireUser(domain, options.user ?? config.administrator)
    const lifetime = options['expires-in']
    const { token } = await createToken(domain, {
      userId: owner.id,
      name: options.name,
      scopes: options.scopes as readonly Scope[],
      ...(options.projects && { projects: options.projects.map(normalizeName) }),
      ...(lifetime !== undefined && { expiresAt: new Date(domain.clock().getTime() + lifetime) }),
      actor: config.administrator,
    })
    print(token)
  },
})

export const tokenList = command({
  name: 'token list',
  summary: 'List the tokens of a user, without their secrets.',
  options: { user, format: option(choice(['text', 'json']), 'How to print.', 'text') },
  async run({ config, options, print }) {
    await using opened = await openDomain(config)
    const owner = await requireUser(opened.domain, options.user ?? config.administrator)
    const tokens = await listTokens(opened.domain, owner.id)
    if (options.format === 'json') {
      print(JSON.stringify(tokens, null, 2))
      return
    }
    const rows = tokens.map((token) => [
      String(token.id),
      token.name,
      token.scopes.join(','),
      token.projects?.join(',') ?? 'all',
      token.expiresAt?.slice(0, 10) ?? 'never',
      token.lastUsedAt?.slice(0, 10) ?? 'never',
    ])
    print(table(['id', 'name', 'scopes', 'projects', 'expires', 'last used'], rows))
  },
})

export const tokenRevoke = command({
  name: 'token revoke',
  summary: 'Make a token useless from this moment on.',
  operands: 'ID',
  async run({ config, operands, print }) {
    const [id = ''] = operands
    if (!/^\d{1,15}$/.test(id)) {
      throw new UsageError(
        `${JSON.stringify(id.slice(0, 80))} is not the id of a token`,
        'cheeseshop token list shows the ids.',
      )
    }
    await using opened = await openDomain(config)
    const identity = await administratorIdentity(opened.domain, config)
    await revokeToken(opened.domain, identity, Number(id))
    print(`revoked token ${id}`)
  },
})

async function requireUser(domain: Domain, username: string): Promise<User> {
  const user = await findUser(domain, username)
  if (user) return user
  throw new UsageError(`there is no user ${JSON.stringify(username.slice(0, 80))} in this index`)
}
