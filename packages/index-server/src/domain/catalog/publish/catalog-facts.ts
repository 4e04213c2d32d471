/** What the index already holds that an upload could collide with. */
import { canonicalizeVersion, type NormalizedName } from '@cheeseshop/packaging'
import type { Database, Tx } from '../../../database/database.ts'
import type { FileRow, ProjectRow, ReleaseRow } from '../../../database/schema.ts'
import { findRole } from '../change-project.ts'
import { findProjectRow } from '../find-project.ts'
import { lookAlikeKey } from '../names/look-alike.ts'
import type { Candidate } from './candidate.ts'

export interface CatalogFacts {
  project?: ProjectRow
  /** What the uploader is to the project. */
  role?: 'owner' | 'maintainer'
  /** A project whose name people would confuse with that of a new one. */
  lookAlike?: string
  release?: ReleaseRow
  /** The filename of the release's sdist. */
  sdistOfRelease?: string
  /** Present when the release has files and all are yanked. */
  yanked?: { reason: string | null }
  sameFilename?: FileRow & { version: string }
  /** Where the same bytes are under another filename. */
  sameContent?: { filename: string }
  isFilenameRetired: boolean
}

export async function readCatalogFacts(
  db: Database | Tx,
  candidate: Candidate,
): Promise<CatalogFacts> {
  const { name, content } = candidate
  const filename = withoutNul(content?.filename ?? '')
  const project = name && (await findProjectRow(db, name))
  const role = project && (await findRole(db, project.id, candidate.identity.userId))
  const lookAlike = name && project === undefined ? await findLookAlike(db, name) : undefined
  const release = project && (await findRelease(db, project.id, candidate))
  return {
    ...(project && { project }),
    ...(role && { role }),
    ...(lookAlike !== undefined && { lookAlike }),
    ...(release && { release }),
    ...(release && (await readReleaseFacts(db, release.id))),
    ...(await findSameFiles(db, filename, content?.blob.digests.sha256 ?? '')),
    isFilenameRetired: await isRetired(db, filename),
  }
}

/** PostgreSQL refuses a NUL; a filename with one is asked about here before it is refused. */
function withoutNul(filename: string): string {
  return filename.replaceAll('\0', '')
}

async function findLookAlike(db: Database | Tx, name: NormalizedName): Promise<string | undefined> {
  const found = await db
    .selectFrom('projects')
    .select('name')
    .where('look_alike_key', '=', lookAlikeKey(name))
    .limit(1)
    .executeTakeFirst()
  return found?.name
}

async function findRelease(db: Database | Tx, projectId: number, { version }: Candidate) {
  if (version === undefined) return undefined
  return db
    .selectFrom('releases')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('canonical_version', '=', canonicalizeVersion(version))
    .executeTakeFirst()
}

async function readReleaseFacts(
  db: Database | Tx,
  releaseId: number,
): Promise<Pick<CatalogFacts, 'sdistOfRelease' | 'yanked'>> {
  const files = db.selectFrom('files').where('release_id', '=', releaseId).limit(1)
  const sdist = await files.select('filename').where('kind', '=', 'sdist').executeTakeFirst()
  const available = await files.select('id').where('yanked', '=', 0).executeTakeFirst()
  const yanked = available ? undefined : await files.select('yanked_reason').executeTakeFirst()
  return {
    ...(sdist && { sdistOfRelease: sdist.filename }),
    ...(yanked && { yanked: { reason: yanked.yanked_reason } }),
  }
}

async function findSameFiles(db: Database | Tx, filename: string, sha256: string) {
  const rows = await db
    .selectFrom('files')
    .innerJoin('releases', 'releases.id', 'files.release_id')
    .selectAll('files')
    .select('releases.version')
    .where((where) => where.or([where('filename', '=', filename), where('sha256', '=', sha256)]))
    .execute()
  const sameFilename = rows.find((row) => row.filename === filename)
  const sameContent = rows.find((row) => row.filename !== filename)
  return { ...(sameFilename && { sameFilename }), ...(sameContent && { sameContent }) }
}

async function isRetired(db: Database | Tx, filename: string): Promise<boolean> {
  const row = await db
    .selectFrom('retired_filenames')
    .select('filename')
    .where('filename', '=', filename)
    .executeTakeFirst()
  return row !== undefined
}
