/** Lets administrators make, list and revoke tokens. */
import { normalizeName } from '@cheeseshop/packaging'
import { findUser } from '../../domain/accounts/users.ts'
import type { Domain } from '../../domain/domain.ts'
import { type Identity, type Scope, scopes } from '../../domain/identity.ts'
import { createToken, listTokens, revokeToken } from '../../domain/trust/api-tokens.ts'
import { HttpError } from '../http-error.ts'
import { operation } from './operation.ts'
import { tokenJson } from './schemas.ts'

const user = { kind: 'text', help: 'Whose tokens; your own when not said.' } as const

export const tokenOperations = [
  operation({
    id: 'listTokens',
    method: 'GET',
    path: '/tokens',
    summary: 'The tokens of a user, without their secrets',
    caller: 'admin',
    query: { user },
    answer: { status: 200, schema: 'TokenList' },
    async run({ domain, identity, query }) {
      const tokens = await listTokens(domain, await userId(domain, identity, query.user))
      return { tokens: tokens.map(tokenJson) }
    },
  }),
  operation({
    id: 'createToken',
    method: 'POST',
    path: '/tokens',
    summary: 'Make a token; its text is in this answer and nowhere else',
    caller: 'admin',
    body: {
      user,
      name: { kind: 'text', help: 'What it is for.', isRequired: true },
      scopes: { kind: 'texts', help: 'What it may do.', isRequired: true, choices: scopes },
      projects: { kind: 'texts', help: 'The only projects it is good for; all when not said.' },
      expires_at: { kind: 'time', help: 'When it ends; never when not said.' },
    },
    answer: { status: 201, schema: 'NewToken' },
    async run({ domain, identity, body }) {
      const { token, id } = await createToken(domain, {
        userId: await userId(domain, identity, body.user),
        name: body.name,
        scopes: body.scopes as readonly Scope[],
        ...(body.projects && { projects: body.projects.map(normalizeName) }),
        ...(body.expires_at && { expiresAt: body.expires_at }),
        actor: identity.username,
      })
      return { id, token }
    },
  }),
  operation({
    id: 'revokeToken',
    method: 'DELETE',
    path: '/tokens/{id}',
    summary: 'Make a token useless from this moment on',
    caller: 'admin',
    answer: { status: 200, schema: 'Done' },
    async run({ domain, identity, path }) {
      const { id = '' } = path
      if (!/^\d{1,15}$/.test(id)) throw new HttpError(404, 'not-found', 'A token has a number.')
      await revokeToken(domain, identity, Number(id))
      return { done: true }
    },
  }),
]

async function userId(
  domain: Domain,
  identity: Identity,
  username: string | undefined,
): Promise<number> {
  if (username === undefined) return identity.userId
  const user = await findUser(domain, username)
  if (user) return user.id
  const shown = JSON.stringify(username.slice(0, 80))
  throw new HttpError(404, 'not-found', `There is no user ${shown} in this index.`)
}
