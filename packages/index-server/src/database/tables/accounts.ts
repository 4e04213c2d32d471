/** Users, their tokens, and what they may do to a project. */
import type { Generated } from 'kysely'

export interface AccountTables {
  users: UsersTable
  tokens: TokensTable
  grants: GrantsTable
}

/** A person or a machine that owns tokens. */
export interface UsersTable {
  id: Generated<number>
  username: string
  /** Case-folded username, unique. */
  normalized_username: string
  display_name: string
  email: string | null
  is_administrator: 0 | 1
  created_at: string
}

/** An API token; only the SHA-256 of its secret is kept. */
export interface TokensTable {
  id: Generated<number>
  user_id: number
  name: string
  secret_sha256: string
  /** JSON list of scopes: "upload", "manage", "admin". */
  scopes: string
  /** JSON list of normalized project names it is limited to, or null for all. */
  projects: string | null
  created_at: string
  expires_at: string | null
  last_used_at: string | null
}

/** Who may do what to a project. */
interface GrantsTable {
  user_id: number
  project_id: number
  role: 'owner' | 'maintainer'
  created_at: string
}
