/** The rows of a promotion: what an upload would have written, taken from rows instead of a file. */
import type { Tx } from '../../database/database.ts'
import type { FileRow, ProjectRow, ReleaseRow } from '../../database/schema.ts'
import { recordEvent } from '../activity/events.ts'

interface About {
  at: Date
  actor: string
  index: number
}

interface AboutProject extends About {
  project: { id: number; name: string }
}

/** The project in the target, granted to whoever promotes, with its name kept for uploads. */
export async function copyProject(
  tx: Tx,
  source: ProjectRow,
  { userId, ...about }: About & { userId: number },
): Promise<ProjectRow> {
  const created_at = about.at.toISOString()
  const { name, normalized_name, look_alike_key } = source
  const project = await tx
    .insertInto('projects')
    .values({
      ...{ index_id: about.index, name, normalized_name, look_alike_key, created_at },
      ...{ status: 'active', status_reason: null, last_serial: 0, size: 0 },
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('name_origins')
    .values({
      ...{ index_id: about.index, normalized_name, origin: 'hosted' },
      ...{ set_at: created_at, set_by: null },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const event = { ...about, project: { id: project.id, name } }
  await recordEvent(tx, { ...event, type: 'project-created', facts: {} })
  const role = 'owner'
  await tx
    .insertInto('grants')
    .values({ user_id: userId, project_id: project.id, role, created_at })
    .execute()
  const facts = { username: about.actor, role } as const
  await recordEvent(tx, { ...event, type: 'grant-added', facts })
  return project
}

export async function findOrCopyRelease(
  tx: Tx,
  { version, canonical_version, version_sort_key, is_prerelease }: ReleaseRow,
  project: ProjectRow,
  event: AboutProject,
): Promise<ReleaseRow> {
  const there = await tx
    .selectFrom('releases')
    .selectAll()
    .where('project_id', '=', project.id)
    .where('canonical_version', '=', canonical_version)
    .executeTakeFirst()
  if (there !== undefined) return there
  const release = await tx
    .insertInto('releases')
    .values({
      ...{ project_id: project.id, version, canonical_version, version_sort_key, is_prerelease },
      created_at: event.at.toISOString(),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await recordEvent(tx, { ...event, type: 'release-created', version, facts: {} })
  return release
}

interface Copied {
  release: ReleaseRow
  event: AboutProject
  via: string
  userId: number
}

/** The blobs are named by the copied row while this transaction lasts, so no sweep can take them. */
export async function copyFile(
  tx: Tx,
  source: FileRow,
  { release, event, via, userId }: Copied,
): Promise<FileRow> {
  const { id: sourceId, ...columns } = source
  const file = await tx
    .insertInto('files')
    .values({
      ...columns,
      ...{ index_id: event.index, project_id: event.project.id, release_id: release.id },
      ...{ uploaded_at: event.at.toISOString(), uploaded_by: userId, uploaded_via: via },
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await tx
    .insertInto('file_metadata')
    .columns(['file_id', 'sha256', 'core_metadata'])
    .expression((from) =>
      from
        .selectFrom('file_metadata')
        .select((select) => [select.val(file.id).as('file_id'), 'sha256', 'core_metadata'])
        .where('file_id', '=', sourceId),
    )
    .execute()
  const { filename, kind, python_tag: pythonTag, size, sha256, yanked } = file
  const about = { ...event, version: release.version, filename }
  const facts = { kind, pythonTag, size, sha256, uploadedVia: via }
  await recordEvent(tx, { ...about, type: 'file-published', facts })
  if (yanked === 1) {
    const reason = file.yanked_reason
    const why = reason === null ? {} : { reason }
    await recordEvent(tx, { ...about, type: 'file-yanked', facts: why })
  }
  return file
}
