/** A person or a machine that owns tokens, and the rules of usernames. */
import type { UserRow } from '../../database/schema.ts'
import type { Problem } from '../errors.ts'

export interface User {
  readonly id: number
  readonly username: string
  readonly displayName: string
  readonly email?: string
  readonly isAdministrator: boolean
  readonly createdAt: string
}

/** Usernames that differ only in case are the same. */
export function normalizeUsername(username: string): string {
  return username.toLowerCase()
}

/** ASCII letters, digits, dots, dashes and underscores, 1 to 50; `__token__` is what clients send instead of one. */
export function usernameProblems(username: string): Problem[] {
  if (/^[a-z0-9](?:[a-z0-9._-]{0,48}[a-z0-9])?$/i.test(username)) return []
  const shown = JSON.stringify(username.slice(0, 60))
  return [
    {
      code: 'username-invalid',
      field: 'username',
      message: `The username ${shown} is not valid. Use 1 to 50 letters, digits, dots, dashes and underscores, beginning and ending with a letter or digit.`,
    },
  ]
}

export function toUser(row: UserRow): User {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name,
    ...(row.email !== null && { email: row.email }),
    isAdministrator: row.is_administrator === 1,
    createdAt: row.created_at,
  }
}
