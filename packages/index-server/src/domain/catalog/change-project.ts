/** The door to every change of a project: found, allowed, and not while the index is read-only. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import type { Tx } from '../../database/database.ts'
import type { ProjectRow } from '../../database/schema.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { findProjectRow } from './find-project.ts'
import { type Action, authorize } from './rights.ts'

export interface ChangedProject extends ProjectRow {
  /** What every event of the change says. */
  event: { at: Date; actor: string; project: { id: number; name: string } }
}

export interface ProjectChange {
  identity: Identity
  /** In any spelling. */
  project: string
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
  const name = tryParseName(change.project)
  const row = name && (await findProjectRow(tx, name))
  if (row === undefined) {
    const shown = JSON.stringify(change.project.slice(0, 100))
    throw new DomainError('not-found', `There is no project ${shown} on this index.`)
  }
  const action = typeof change.action === 'string' ? change.action : change.action(row)
  const role = await findRole(tx, row.id, identity.userId)
  authorize(action, identity, { name: row.normalized_name as NormalizedName, exists: true, role })
  refuseWhileQuarantined(row, action, identity)
  const event = {
    at: domain.clock(),
    actor: identity.username,
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

export async function findRole(
  db: Pick<Tx, 'selectFrom'>,
  projectId: number,
  userId: number,
): Promise<'owner' | 'maintainer' | undefined> {
  const grant = await db
    .selectFrom('grants')
    .select('role')
    .where('project_id', '=', projectId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return grant?.role
}
