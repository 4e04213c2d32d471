/** Who is calling, and what their token lets them do; what they may do to a project is in its grants. */
import type { NormalizedName } from '@cheeseshop/packaging'

/** `upload` publishes files, `manage` yanks and deletes and sets statuses, `admin` is for administrators only. */
export const scopes = ['upload', 'manage', 'admin'] as const
export type Scope = (typeof scopes)[number]

export interface Identity {
  readonly userId: number
  readonly username: string
  readonly isAdministrator: boolean
  readonly tokenId: number
  readonly scopes: ReadonlySet<Scope>
  /** The only projects the token is good for; absent when it is good for all. */
  readonly projects?: ReadonlySet<NormalizedName>
}

/** True when the token has the scope and is good for the project. */
export function tokenAllows(identity: Identity, scope: Scope, project?: NormalizedName): boolean {
  if (!identity.scopes.has(scope)) return false
  return project === undefined || !identity.projects || identity.projects.has(project)
}
