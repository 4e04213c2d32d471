/** An API token: its text, its hash and its rules. */
import { createHash, randomBytes } from 'node:crypto'
import { isNormalizedName, type NormalizedName } from '@cheeseshop/packaging'
import type { TokenRow } from '../../database/schema.ts'
import type { Problem } from '../errors.ts'
import { type Scope, scopes } from '../identity.ts'

export interface ApiToken {
  readonly id: number
  readonly userId: number
  readonly name: string
  readonly scopes: readonly Scope[]
  /** The only projects it is good for; absent when it is good for all. */
  readonly projects?: readonly NormalizedName[]
  readonly createdAt: string
  readonly expiresAt?: string
  readonly lastUsedAt?: string
}

export interface NewApiToken {
  userId: number
  /** For people, 1 to 100 characters. */
  name: string
  scopes: readonly Scope[]
  projects?: readonly NormalizedName[]
  expiresAt?: Date
  /** Who makes it; default: the user it is for. */
  actor?: string
}

/** What tokens of the public index begin with, so that clients and secret scanners know one when they see it. */
export const TOKEN_PREFIX = 'pypi-'
const SECRET_BYTES = 32
const LONGEST_NAME = 100

export function makeTokenText(): string {
  return TOKEN_PREFIX + randomBytes(SECRET_BYTES).toString('base64url')
}

/** The secret has 256 random bits, so a plain hash is enough: there is nothing to guess. */
export function hashTokenText(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

export function apiTokenProblems(token: NewApiToken, now: Date): Problem[] {
  const problems: Problem[] = []
  const add = (field: string, message: string) =>
    problems.push({ code: 'token-invalid', field, message })
  if (token.name.trim() === '' || token.name.length > LONGEST_NAME) {
    add(
      'name',
      `The name of a token has 1 to ${LONGEST_NAME} characters, not ${token.name.length}.`,
    )
  }
  if (/\p{Cc}/u.test(token.name)) {
    add('name', 'The name of a token may not contain control characters.')
  }
  if (token.scopes.length === 0) add('scopes', `Give the token a scope: ${scopes.join(', ')}.`)
  for (const scope of token.scopes.filter((scope) => !scopes.includes(scope))) {
    add('scopes', `There is no scope ${quote(scope)}. The scopes are ${scopes.join(', ')}.`)
  }
  if (token.projects?.length === 0) {
    add('projects', 'The list of projects is empty. Leave it out for a token that is good for all.')
  }
  for (const project of token.projects?.filter((name) => !isNormalizedName(name)) ?? []) {
    add('projects', `${quote(project)} is not a normalized project name.`)
  }
  if (token.expiresAt && !(token.expiresAt > now)) {
    add('expires_at', 'The token would expire before it is made. Choose a time to come.')
  }
  return problems
}

export function toApiToken(row: TokenRow): ApiToken {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    scopes: JSON.parse(row.scopes),
    ...(row.projects !== null && { projects: JSON.parse(row.projects) }),
    createdAt: row.created_at,
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
  }
}

function quote(value: string): string {
  return JSON.stringify(value.slice(0, 60))
}
