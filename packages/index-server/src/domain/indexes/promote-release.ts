/** Copies a release from one index to another: the same files with the same digests, all of them or none. */
import {
  canonicalizeVersion,
  type NormalizedName,
  tryParseName,
  tryParseVersion,
} from '@cheeseshop/packaging'
import { type Tx, transact } from '../../database/database.ts'
import type { FileRow, ProjectRow, ReleaseRow } from '../../database/schema.ts'
import { recordEvent } from '../activity/events.ts'
import { findRole } from '../catalog/change-project.ts'
import { findProjectRow } from '../catalog/find-project.ts'
import { authorize } from '../catalog/rights.ts'
import { orderTwin } from '../catalog/twins/make-twin.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { requireToken } from '../trust/authenticate.ts'
import { copyFile, copyProject, findOrCopyRelease } from './copy-release.ts'
import { findTree } from './find-tree.ts'
import type { IndexTree } from './index-tree.ts'
import { requireUploader } from './member-role.ts'
import { allowsHosted, decideOrigin } from './name-origin.ts'
import { readNameRows } from './name-state.ts'
import { indexName } from './package-index.ts'
import { requireReader } from './readers.ts'
import { requireWritable } from './require-index.ts'

export interface Promotion {
  readonly project: string
  readonly version: string
  /** Paths of indexes, or `default`. */
  readonly from: string
  readonly to: string
}

export interface Promoted {
  /** Filenames that were copied; what the target had already, with the same bytes, is not among them. */
  readonly files: readonly string[]
  /** The project's newest serial in the target. */
  readonly serial: number
}

/** DomainError `not-found`, `not-allowed` or `conflict`; then nothing was copied. */
export async function promoteRelease(
  domain: Domain,
  identity: Identity,
  wanted: Promotion,
): Promise<Promoted> {
  requireWritable(domain)
  return transact(domain.db, async (tx) => {
    await requireToken(tx, identity)
    const from = await findTree(tx, wanted.from)
    const to = await findTree(tx, wanted.to)
    await requireReader({ db: tx }, from, identity)
    const source = await findSource(tx, from, wanted)
    const move: Move = { domain, tx, identity, from, to, source, at: domain.clock() }
    const existing = await requireTarget(move)
    const files = await filesToCopy(move)
    if (files.length === 0) return { files: [], serial: existing?.last_serial ?? 0 }
    return copyAll(move, existing, files)
  })
}

interface Source {
  readonly name: NormalizedName
  readonly project: ProjectRow
  readonly release: ReleaseRow
  readonly files: readonly FileRow[]
}

interface Move {
  readonly domain: Domain
  readonly tx: Tx
  readonly identity: Identity
  readonly from: IndexTree
  readonly to: IndexTree
  readonly source: Source
  readonly at: Date
}

async function findSource(tx: Tx, from: IndexTree, wanted: Promotion): Promise<Source> {
  const name = tryParseName(wanted.project)
  const project = name && (await findProjectRow(tx, name, from.index.id))
  const version = tryParseVersion(wanted.version)
  const release =
    project &&
    version &&
    (await tx
      .selectFrom('releases')
      .selectAll()
      .where('project_id', '=', project.id)
      .where('canonical_version', '=', canonicalizeVersion(version))
      .executeTakeFirst())
  if (!name || !project || !release) {
    const shown = JSON.stringify(`${wanted.project} ${wanted.version}`.slice(0, 120))
    throw new DomainError(
      'not-found',
      `The index ${indexName(from.index)} hosts no release ${shown}; only what was uploaded to it can be promoted from it.`,
    )
  }
  if (project.status === 'quarantined') {
    throw new DomainError('not-allowed', `The project "${project.name}" is in quarantine.`)
  }
  const files = await tx
    .selectFrom('files')
    .selectAll()
    .where('release_id', '=', release.id)
    .orderBy('filename')
    .execute()
  if (files.length > 0) return { name, project, release, files }
  throw new DomainError('conflict', `The release ${release.version} has no files to promote.`)
}

/** The rules of an upload, as far as they are not about bytes that were checked already. */
async function requireTarget(move: Move): Promise<ProjectRow | undefined> {
  const { tx, identity, to, source, domain } = move
  const { name } = source
  const { index } = to
  const existing = await findProjectRow(tx, name, index.id)
  await requireUploader({ db: tx }, index, identity)
  const role = existing && (await findRole(tx, existing, identity.userId))
  authorize('upload', identity, { name, exists: existing !== undefined, role })
  if (existing?.status === 'archived' || existing?.status === 'quarantined') {
    throw new DomainError(
      'conflict',
      `The project "${existing.name}" is ${existing.status} in the index ${indexName(index)} and takes no files.`,
    )
  }
  if (existing === undefined && domain.rules.newProjectsOff) {
    throw new DomainError('temporarily-off', 'New projects are off on this server.')
  }
  const origin = decideOrigin(to, name, await readNameRows(tx, to, name))
  if (allowsHosted(origin.origin)) return existing
  throw new DomainError(
    'conflict',
    `The name "${name}" belongs to upstream files in the index ${indexName(index)}: ${origin.reason}`,
  )
}

/** A filename stands for the same bytes for ever, in each index. */
async function filesToCopy({ tx, to, source }: Move): Promise<FileRow[]> {
  const { id, path } = to.index
  const names = source.files.map(({ filename }) => filename)
  const there = await tx
    .selectFrom('files')
    .select(['filename', 'sha256'])
    .where('index_id', '=', id)
    .where('filename', 'in', names)
    .execute()
  const retired = await tx
    .selectFrom('retired_filenames')
    .select('filename')
    .where('index_id', '=', id)
    .where('filename', 'in', names)
    .execute()
  const [gone] = retired
  if (gone !== undefined) {
    throw new DomainError(
      'conflict',
      `The filename "${gone.filename}" was used in the index ${indexName({ path })} by a file that has been deleted.`,
    )
  }
  const digests = new Map(there.map(({ filename, sha256 }) => [filename, sha256]))
  const other = source.files.find(
    ({ filename, sha256 }) => digests.has(filename) && digests.get(filename) !== sha256,
  )
  if (other === undefined) return source.files.filter(({ filename }) => !digests.has(filename))
  throw new DomainError(
    'conflict',
    `The index ${indexName({ path })} has another file under the name "${other.filename}".`,
  )
}

async function copyAll(
  move: Move,
  existing: ProjectRow | undefined,
  files: readonly FileRow[],
): Promise<Promoted> {
  const { tx, identity, from, to, source, at, domain } = move
  const about = { at, actor: identity.username, index: to.index.id }
  const target = { ...about, userId: identity.userId }
  const project = existing ?? (await copyProject(tx, source.project, target))
  const event = { ...about, project: { id: project.id, name: project.name } }
  const release = await findOrCopyRelease(tx, source.release, project, event)
  const via = `promotion from ${indexName(from.index)}`
  for (const row of files) {
    const file = await copyFile(tx, row, { release, event, via, userId: identity.userId })
    await orderTwin(tx, domain, file, at)
  }
  const facts = { from: indexName(from.index), to: indexName(to.index), files: files.length }
  const { version } = release
  const serial = await recordEvent(tx, { ...event, type: 'release-promoted', version, facts })
  return { files: files.map(({ filename }) => filename), serial }
}
