/** Who may do what to a project: one table, and the sentence for those who may not. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'

export type Action = 'upload' | 'yank' | 'delete' | 'set-status' | 'quarantine'
export type Role = 'owner' | 'maintainer'

interface Right {
  /** What the token must be good for. */
  scope: 'upload' | 'manage' | 'admin'
  /** What its user must be to the project; administrators may always. */
  roles: readonly Role[]
  /** For the refusal: "is not allowed to ... the project". */
  verb: string
}

export const rights: Readonly<Record<Action, Right>> = {
  upload: { scope: 'upload', roles: ['owner', 'maintainer'], verb: 'upload to' },
  yank: { scope: 'manage', roles: ['owner', 'maintainer'], verb: 'yank or un-yank files of' },
  delete: { scope: 'manage', roles: ['owner'], verb: 'delete from' },
  'set-status': { scope: 'manage', roles: ['owner'], verb: 'change the status of' },
  quarantine: { scope: 'admin', roles: [], verb: 'quarantine or release' },
}

export interface RightsTarget {
  name: NormalizedName
  exists: boolean
  role: Role | undefined
}

/** Why the action is refused, as a sentence; undefined when it is allowed. */
export function refusalOf(
  action: Action,
  identity: Identity,
  target: RightsTarget,
): string | undefined {
  const { scope, roles, verb } = rights[action]
  const project = `the project "${target.name}"`
  if (!identity.scopes.has(scope)) {
    return `This token is not allowed to ${verb} ${project}: it lacks the scope "${scope}". Use a token that has it.`
  }
  if (identity.projects !== undefined && !identity.projects.has(target.name)) {
    const allowed = [...identity.projects].slice(0, 5).join(', ')
    return `This token is not allowed to ${verb} ${project}: it is limited to ${allowed}. Use a token for that project.`
  }
  if (identity.isAdministrator || (action === 'upload' && !target.exists)) return undefined
  if (target.role !== undefined && roles.includes(target.role)) return undefined
  return `The user "${identity.username}" is not allowed to ${verb} ${project}. Ask one of its owners or an administrator.`
}

export function authorize(action: Action, identity: Identity, target: RightsTarget): void {
  const refusal = refusalOf(action, identity, target)
  if (refusal !== undefined) throw new DomainError('not-allowed', refusal)
}
