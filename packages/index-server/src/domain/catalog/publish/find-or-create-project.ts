/** The project a file is published in, made and granted to its uploader when it is new. */
import type { Tx } from '../../../database/database.ts'
import { recordEvent } from '../../activity/events.ts'
import { lookAlikeKey } from '../names/look-alike.ts'
import type { SoundUpload } from './sound-upload.ts'

export interface ProjectKey {
  id: number
  name: string
}

/** The name on display is always the newest spelling. */
export async function findOrCreateProject(tx: Tx, upload: SoundUpload): Promise<ProjectKey> {
  const project = upload.candidate.catalog?.project
  if (project === undefined) return createProject(tx, upload)
  const { name } = upload.metadata
  if (project.name !== name) {
    await tx.updateTable('projects').set({ name }).where('id', '=', project.id).execute()
  }
  return { id: project.id, name }
}

async function createProject(tx: Tx, upload: SoundUpload): Promise<ProjectKey> {
  const { candidate, name: normalizedName, metadata } = upload
  const { identity, now } = candidate
  const project = await tx
    .insertInto('projects')
    .values({
      name: metadata.name,
      normalized_name: normalizedName,
      look_alike_key: lookAlikeKey(normalizedName),
      status: 'active',
      status_reason: null,
      last_serial: 0,
      size: 0,
      created_at: now.toISOString(),
    })
    .returning(['id', 'name'])
    .executeTakeFirstOrThrow()
  await recordEvent(tx, { ...eventBy(upload, project), type: 'project-created', facts: {} })
  const role = 'owner'
  await tx
    .insertInto('grants')
    .values({
      user_id: identity.userId,
      project_id: project.id,
      role,
      created_at: now.toISOString(),
    })
    .execute()
  const facts = { username: identity.username, role } as const
  await recordEvent(tx, { ...eventBy(upload, project), type: 'grant-added', facts })
  return project
}

/** What every event of an upload says. */
export function eventBy({ candidate }: SoundUpload, project: ProjectKey) {
  const { id, name } = project
  return { at: candidate.now, actor: candidate.identity.username, project: { id, name } }
}
