/** The status of a project at a moment, out of the log. */
import type { Database } from '../../../database/database.ts'
import type { ProjectStatus } from '../../../database/schema.ts'

interface Change {
  readonly from: ProjectStatus
  readonly to: ProjectStatus
  readonly reason?: string
}

/** `projects`: the ids that the name has had; the newest one that was there tells. */
export async function statusAt(
  db: Database,
  projects: readonly number[],
  serial: number,
): Promise<{ status: ProjectStatus; statusReason?: string }> {
  const last = await db
    .selectFrom('events')
    .select(['type', 'facts'])
    .where('project_id', 'in', projects)
    .where('type', 'in', ['project-created', 'project-status-changed'])
    .where('id', '<=', serial)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last?.type !== 'project-status-changed') return { status: 'active' }
  const { to: status, reason } = JSON.parse(last.facts) as Change
  return { status, ...(reason !== undefined && { statusReason: reason }) }
}
