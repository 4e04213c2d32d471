/** Yanks, un-yanks and deletes releases. */
import { canonicalizeVersion, tryParseVersion } from '@cheeseshop/packaging'
import { type Tx, transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { type ChangedProject, requireProject } from './change-project.ts'
import { cleanReason } from './reason.ts'
import { retireFilenames } from './retire-filenames.ts'

export interface ReleaseChange {
  project: string
  index?: number | undefined
  /** In any spelling: 1.0 finds the release 1.0.0. */
  version: string
  reason?: string
}

/** Yanks all files of the release, and those that join it later. Returns the project's newest serial. */
export async function yankRelease(
  domain: Domain,
  identity: Identity,
  change: ReleaseChange,
): Promise<number> {
  const reason = cleanReason(change.reason)
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action: 'yank' })
    const release = await requireRelease(tx, project, change.version)
    if (!(await hasFiles(tx, release.id))) {
      throw new DomainError(
        'conflict',
        `The release ${release.version} of "${project.name}" has no files to yank.`,
      )
    }
    const yanked = { yanked: 1, yanked_reason: reason ?? null } as const
    if (!(await setYanked(tx, release.id, yanked))) return project.last_serial
    const { version } = release
    const facts = reason === undefined ? {} : { reason }
    return recordEvent(tx, { ...project.event, version, type: 'release-yanked', facts })
  })
}

export async function unyankRelease(
  domain: Domain,
  identity: Identity,
  change: ReleaseChange,
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action: 'yank' })
    const { id, version } = await requireRelease(tx, project, change.version)
    if (!(await setYanked(tx, id, { yanked: 0, yanked_reason: null }))) return project.last_serial
    return recordEvent(tx, { ...project.event, version, type: 'release-unyanked', facts: {} })
  })
}

/** Deletes the release with its files, whose names can never be used again. */
export async function deleteRelease(
  domain: Domain,
  identity: Identity,
  change: ReleaseChange,
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const project = await requireProject(tx, domain, { ...change, identity, action: 'delete' })
    const { id, version } = await requireRelease(tx, project, change.version)
    const facts = await countFiles(tx, { column: 'release_id', value: id })
    await retireFilenames(tx, domain.clock(), { column: 'release_id', value: id })
    await tx.deleteFrom('releases').where('id', '=', id).execute()
    return recordEvent(tx, { ...project.event, version, type: 'release-deleted', facts })
  })
}

export async function countFiles(
  tx: Tx,
  of: { column: 'release_id' | 'project_id'; value: number },
): Promise<{ files: number; bytes: number }> {
  const { files, bytes } = await tx
    .selectFrom('files')
    .select(({ fn }) => [
      fn.countAll<number>().as('files'),
      fn.sum<number | null>('size').as('bytes'),
    ])
    .where(of.column, '=', of.value)
    .executeTakeFirstOrThrow()
  return { files, bytes: bytes ?? 0 }
}

async function requireRelease(tx: Tx, project: ChangedProject, version: string) {
  const parsed = tryParseVersion(version)
  const row =
    parsed &&
    (await tx
      .selectFrom('releases')
      .select(['id', 'version'])
      .where('project_id', '=', project.id)
      .where('canonical_version', '=', canonicalizeVersion(parsed))
      .executeTakeFirst())
  if (row !== undefined) return row
  const shown = JSON.stringify(version.slice(0, 100))
  throw new DomainError('not-found', `The project "${project.name}" has no release ${shown}.`)
}

async function hasFiles(tx: Tx, releaseId: number): Promise<boolean> {
  const row = await tx
    .selectFrom('files')
    .select('id')
    .where('release_id', '=', releaseId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** True when some file was not so before. */
async function setYanked(
  tx: Tx,
  releaseId: number,
  yanked: { yanked: 0 | 1; yanked_reason: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('files')
    .set(yanked)
    .where('release_id', '=', releaseId)
    .where((where) =>
      where.or([
        where('yanked', '!=', yanked.yanked),
        where('yanked_reason', 'is distinct from', yanked.yanked_reason),
      ]),
    )
    .executeTakeFirstOrThrow()
  return numUpdatedRows > 0n
}
