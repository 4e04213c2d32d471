/** What can be done to projects: find, list, set the status, delete. */
import { transact } from '../../database/database.ts'
import type { ProjectRow, ProjectStatus } from '../../database/schema.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import type { Identity } from '../identity.ts'
import { requireProject } from './change-project.ts'
import { cleanReason } from './reason.ts'
import { countFiles } from './releases.ts'
import { retireFilenames } from './retire-filenames.ts'
import type { Action } from './rights.ts'

export { findProject, type Project } from './find-project.ts'
export {
  type ListedProject,
  listProjects,
  type ProjectListChange,
  projectsChangedSince,
} from './list-projects.ts'

export interface StatusChange {
  project: string
  index?: number | undefined
  status: ProjectStatus
  reason?: string
}

/** Returns the project's newest serial. Owners archive and deprecate; administrators quarantine and release. */
export async function setProjectStatus(
  domain: Domain,
  identity: Identity,
  change: StatusChange,
): Promise<number> {
  const { status } = change
  const reason = cleanReason(change.reason)
  const action = ({ status: from }: ProjectRow): Action =>
    from === 'quarantined' || status === 'quarantined' ? 'quarantine' : 'set-status'
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action })
    if (project.status === status && project.status_reason === (reason ?? null)) {
      return project.last_serial
    }
    await tx
      .updateTable('projects')
      .set({ status, status_reason: reason ?? null })
      .where('id', '=', project.id)
      .execute()
    const facts = { from: project.status, to: status, ...(reason !== undefined && { reason }) }
    return recordEvent(tx, { ...project.event, type: 'project-status-changed', facts })
  })
}

/** Deletes the project with all it has. Its name is free again, the names of its files never. */
export async function deleteProject(
  domain: Domain,
  identity: Identity,
  change: { project: string; index?: number | undefined },
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action: 'delete' })
    const { releases } = await tx
      .selectFrom('releases')
      .select(({ fn }) => fn.countAll<number>().as('releases'))
      .where('project_id', '=', project.id)
      .executeTakeFirstOrThrow()
    const files = await countFiles(tx, { column: 'project_id', value: project.id })
    await retireFilenames(tx, domain.clock(), { column: 'project_id', value: project.id })
    const facts = { releases, ...files }
    const serial = await recordEvent(tx, { ...project.event, type: 'project-deleted', facts })
    await tx.deleteFrom('projects').where('id', '=', project.id).execute()
    return serial
  })
}
