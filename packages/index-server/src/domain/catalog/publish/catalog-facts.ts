/** What the index already holds that an upload could collide with. */
import { canonicalizeVersion } from '@cheeseshop/packaging'
import type { Database, Tx } from '../../../database/database.ts'
import type { FileRow, ProjectRow, ReleaseRow } from '../../../database/schema.ts'
import { DomainError } from '../../errors.ts'
import { type IndexTree, loadIndexTree } from '../../indexes/index-tree.ts'
import { findMemberRole, mayUploadTo } from '../../indexes/member-role.ts'
import { decideOrigin, type OriginDecision } from '../../indexes/name-origin.ts'
import { readNameRows } from '../../indexes/name-state.ts'
import type { PackageIndex } from '../../indexes/package-index.ts'
import { findRole } from '../change-project.ts'
import { findProjectRow } from '../find-project.ts'
import { lookAlikeKey } from '../names/look-alike.ts'
import type { Candidate } from './candidate.ts'

export interface CatalogFacts {
  /** What it is uploaded to. */
  index: PackageIndex
  /** Whether the uploader may upload to it at all. */
  isUploader: boolean
  /** Where the files of the name may come from. */
  origin?: OriginDecision
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
  const { name, content, index } = candidate
  const filename = withoutNul(content?.filename ?? '')
  const project = name && (await findProjectRow(db, name, index))
  const role = project && (await findRole(db, project, candidate.identity.userId))
  const lookAlike = name && project === undefined ? await findLookAlike(db, candidate) : undefined
  const release = project && (await findRelease(db, project.id, candidate))
  const { identity } = candidate
  const tree = await requireTree(db, index)
  const member = await findMemberRole(db, index, identity.userId)
  return {
    index: tree.index,
    isUploader: identity.isAdministrator || mayUploadTo(tree.index, member),
    ...(name && { origin: decideOrigin(tree, name, await readNameRows(db, tree, name)) }),
    ...(project && { project }),
    ...(role && { role }),
    ...(lookAlike !== undefined && { lookAlike }),
    ...(release && { release }),
    ...(release && (await readReleaseFacts(db, release.id))),
    ...(await findSameFiles(db, { index, filename, sha256: content?.blob.digests.sha256 ?? '' })),
    isFilenameRetired: await isRetired(db, index, filename),
  }
}

async function requireTree(db: Database | Tx, index: number): Promise<IndexTree> {
  const tree = await loadIndexTree(db, index)
  if (tree !== undefined) return tree
  throw new DomainError('not-found', 'The index was deleted while the file was uploaded to it.')
}

/** PostgreSQL refuses a NUL; a filename with one is asked about here before it is refused. */
function withoutNul(filename: string): string {
  return filename.replaceAll('\0', '')
}

async function findLookAlike(
  db: Database | Tx,
  { name, index }: Candidate,
): Promise<string | undefined> {
  if (name === undefined) return undefined
  const found = await db
    .selectFrom('projects')
    .select('name')
    .where('index_id', '=', index)
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

async function findSameFiles(
  db: Database | Tx,
  { index, filename, sha256 }: { index: number; filename: string; sha256: string },
) {
  const rows = await db
    .selectFrom('files')
    .innerJoin('releases', 'releases.id', 'files.release_id')
    .selectAll('files')
    .select('releases.version')
    .where((where) =>
      where.or([
        where.and([where('index_id', '=', index), where('filename', '=', filename)]),
        where('sha256', '=', sha256),
      ]),
    )
    .execute()
  const here = rows.filter((row) => row.index_id === index)
  const sameFilename = here.find((row) => row.filename === filename)
  const sameContent = here.find((row) => row.filename !== filename)
  return { ...(sameFilename && { sameFilename }), ...(sameContent && { sameContent }) }
}

async function isRetired(db: Database | Tx, index: number, filename: string): Promise<boolean> {
  const row = await db
    .selectFrom('retired_filenames')
    .select('filename')
    .where('index_id', '=', index)
    .where('filename', '=', filename)
    .executeTakeFirst()
  return row !== undefined
}
