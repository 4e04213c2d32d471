/** The project a file is published in, made and granted to its uploader when it is new. */
import type { Tx } from '../../../database/database.ts'
import { recordEvent } from '../../activity/events.ts'
import { DomainError } from '../../errors.ts'
import { lookAlikeKey } from '../names/look-alike.ts'
import type { Candidate } from './candidate.ts'
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
  await refuseTooManyProjects(tx, candidate)
  const project = await tx
    .insertInto('projects')
    .values({
      index_id: candidate.index,
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
  await arriveFirst(tx, upload)
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

const hour = 3_600_000

/** A stolen token shall not take every name there is. Who creates a project is its owner from that moment. */
async function refuseTooManyProjects(tx: Tx, { identity, rules, now }: Candidate): Promise<void> {
  if (identity.isAdministrator) return
  const { count } = await tx
    .selectFrom('grants')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('user_id', '=', identity.userId)
    .where('role', '=', 'owner')
    .where('created_at', '>', new Date(now.getTime() - hour).toISOString())
    .executeTakeFirstOrThrow()
  if (count < rules.newProjectsPerHour) return
  throw new DomainError(
    'too-many',
    `${identity.username} has created ${count} projects within an hour, and this index allows ${rules.newProjectsPerHour} (its setting new-projects-per-hour). Go on later, or ask an administrator.`,
  )
}

/** From now on the name is for uploads alone, also when all of them are deleted. */
async function arriveFirst(tx: Tx, { name, candidate }: SoundUpload): Promise<void> {
  await tx
    .insertInto('name_origins')
    .values({
      ...{ index_id: candidate.index, normalized_name: name, origin: 'hosted' },
      ...{ set_at: candidate.now.toISOString(), set_by: null },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** What every event of an upload says. */
export function eventBy({ candidate }: SoundUpload, project: ProjectKey) {
  const { id, name } = project
  const { now: at, index } = candidate
  return { at, actor: candidate.identity.username, index, project: { id, name } }
}
