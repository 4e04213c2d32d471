/** Yanks, un-yanks and deletes single files. */
import { type Tx, transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { type ChangedProject, requireProject } from './change-project.ts'
import { cleanReason } from './reason.ts'
import { retireFilenames } from './retire-filenames.ts'

export interface FileChange {
  project: string
  index?: number | undefined
  filename: string
  reason?: string
}

/** Returns the project's newest serial, as all changes do; nothing is written where nothing changes. */
export async function yankFile(
  domain: Domain,
  identity: Identity,
  change: FileChange,
): Promise<number> {
  const reason = cleanReason(change.reason)
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action: 'yank' })
    const file = await requireFile(tx, project, change.filename)
    if (file.yanked === 1 && file.yanked_reason === (reason ?? null)) return project.last_serial
    await setYanked(tx, file.id, { yanked: 1, yanked_reason: reason ?? null })
    const facts = reason === undefined ? {} : { reason }
    return recordEvent(tx, { ...project.event, ...file.event, type: 'file-yanked', facts })
  })
}

export async function unyankFile(
  domain: Domain,
  identity: Identity,
  change: FileChange,
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action: 'yank' })
    const file = await requireFile(tx, project, change.filename)
    if (file.yanked === 0) return project.last_serial
    await setYanked(tx, file.id, { yanked: 0, yanked_reason: null })
    return recordEvent(tx, { ...project.event, ...file.event, type: 'file-unyanked', facts: {} })
  })
}

/** The filename can never be used again; the bytes go with the next sweep. */
export async function deleteFile(
  domain: Domain,
  identity: Identity,
  change: FileChange,
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action: 'delete' })
    const file = await requireFile(tx, project, change.filename)
    await retireFilenames(tx, domain.clock(), { column: 'id', value: file.id })
    await tx.deleteFrom('files').where('id', '=', file.id).execute()
    const facts = { size: file.size, sha256: file.sha256 }
    return recordEvent(tx, { ...project.event, ...file.event, type: 'file-deleted', facts })
  })
}

async function requireFile(tx: Tx, project: ChangedProject, filename: string) {
  const row = await tx
    .selectFrom('files')
    .innerJoin('releases', 'releases.id', 'files.release_id')
    .select(['files.id', 'files.size', 'files.sha256', 'files.yanked', 'files.yanked_reason'])
    .select('releases.version')
    .where('files.project_id', '=', project.id)
    .where('files.filename', '=', filename)
    .executeTakeFirst()
  if (row !== undefined) return { ...row, event: { version: row.version, filename } }
  const shown = JSON.stringify(filename.slice(0, 200))
  throw new DomainError('not-found', `The project "${project.name}" has no file ${shown}.`)
}

interface Yanked {
  yanked: 0 | 1
  yanked_reason: string | null
}

async function setYanked(tx: Tx, id: number, yanked: Yanked): Promise<void> {
  await tx.updateTable('files').set(yanked).where('id', '=', id).execute()
}
