/** The door to every change of a project: found, allowed, and not while the index is read-only. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import type { Database, Tx } from '../../database/database.ts'
import type { ProjectRow } from '../../database/schema.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { findMemberRole, roleInProject } from '../indexes/member-role.ts'
import { defaultIndexId } from '../indexes/package-index.ts'
import { requireToken } from '../trust/authenticate.ts'
import { findProjectRow } from './find-project.ts'
import { type Action, authorize, type Role } from './rights.ts'

export interface ChangedProject extends ProjectRow {
  /** What every event of the change says. */
  event: { at: Date; actor: string; index: number; project: { id: number; name: string } }
}

export interface ProjectChange {
  identity: Identity
  /** In any spelling. */
  project: string
  /** The id of the index it is hosted in; the default index where there is none. */
  index?: number | undefined
  /** What is done to it; may depend on the status it has. */
  action: Action | ((project: ProjectRow) => Action)
}

/** DomainError `temporarily-off`, `not-found` or `not-allowed`. */
export async function requireProject(
  tx: Tx,
  domain: Domain,
  change: ProjectChange,
): Promise<ChangedProject> {
  if (domain.rules.readOnly) {
    throw new DomainError('temporarily-off', 'This index is read-only for now. Try again later.')
  }
  const { identity } = change
  // Here, where changes stand in line: a token revoked before its turn came opens nothing.
  await requireToken(tx, identity)
  const name = tryParseName(change.project)
  const row = name && (await findProjectRow(tx, name, change.index ?? defaultIndexId))
  if (row === undefined) {
    const shown = JSON.stringify(change.project.slice(0, 100))
    throw new DomainError('not-found', `There is no project ${shown} on this index.`)
  }
  const action = typeof change.action === 'string' ? change.action : change.action(row)
  const role = await findRole(tx, row, identity.userId)
  authorize(action, identity, { name: row.normalized_name as NormalizedName, exists: true, role })
  refuseWhileQuarantined(row, action, identity)
  const event = {
    at: domain.clock(),
    actor: identity.username,
    index: row.index_id,
    project: { id: row.id, name: row.name },
  }
  return { ...row, event }
}

/** What was quarantined stays as it was found, for those who look into it. */
function refuseWhileQuarantined(row: ProjectRow, action: Action, identity: Identity): void {
  if (row.status !== 'quarantined' || action === 'quarantine' || identity.isAdministrator) return
  throw new DomainError(
    'not-allowed',
    `The project "${row.name}" is in quarantine, so it cannot be changed. Ask an administrator.`,
  )
}

/** What a user is to a project: by a grant, or as a member of its index. */
export async function findRole(
  db: Database | Tx,
  { id: projectId, index_id }: Pick<ProjectRow, 'id' | 'index_id'>,
  userId: number,
): Promise<Role | undefined> {
  const index = await db
    .selectFrom('indexes')
    .select('uploaders')
    .where('id', '=', index_id)
    .executeTakeFirstOrThrow()
  const grant = await db
    .selectFrom('grants')
    .select('role')
    .where('project_id', '=', projectId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return roleInProject(index, await findMemberRole(db, index_id, userId), grant?.role)
}
