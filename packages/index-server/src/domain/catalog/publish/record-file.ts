/** Writes a judged file into the catalog: project, release, file, metadata and events, all or nothing. */
import { canonicalizeVersion, versionSortKey } from '@cheeseshop/packaging'
import type { Tx } from '../../../database/database.ts'
import type { FileRow, NewFile, ReleaseRow } from '../../../database/schema.ts'
import { recordEvent } from '../../activity/events.ts'
import { requireToken } from '../../trust/authenticate.ts'
import { toReleaseFile } from '../release-file.ts'
import { orderTwin } from '../twins/make-twin.ts'
import type { Candidate } from './candidate.ts'
import { readCatalogFacts } from './catalog-facts.ts'
import { eventBy, findOrCreateProject, type ProjectKey } from './find-or-create-project.ts'
import { type Publication, unchangedFile } from './publication.ts'
import type { SoundUpload } from './sound-upload.ts'
import { recheck } from './upload-checks.ts'
import { warningsOf } from './warnings.ts'

/** What the catalog holds is read again, because another upload may have come first since it was judged. */
export async function recordFile(tx: Tx, upload: SoundUpload): Promise<Publication> {
  const { candidate } = upload
  await requireToken(tx, candidate.identity)
  candidate.catalog = await readCatalogFacts(tx, candidate)
  const unchanged = unchangedFile(candidate)
  if (unchanged !== undefined) return unchanged
  recheck(candidate)
  const project = await findOrCreateProject(tx, upload)
  const release = candidate.catalog.release ?? (await createRelease(tx, upload, project))
  await ageRelease(tx, release, candidate)
  const file = await createFile(tx, upload, release)
  await orderTwin(tx, candidate, file, candidate.now)
  const serial = await recordEvent(tx, {
    ...eventBy(upload, project),
    type: 'file-published',
    version: release.version,
    filename: file.filename,
    facts: {
      kind: file.kind,
      pythonTag: file.python_tag,
      size: file.size,
      sha256: file.sha256,
      ...(file.uploaded_via !== null && { uploadedVia: file.uploaded_via }),
      ...pastFacts(candidate),
    },
  })
  return {
    status: 'published',
    file: toReleaseFile(file, release.version),
    serial,
    warnings: [...warningsOf(candidate)].slice(0, mostWarnings),
  }
}

async function createRelease(
  tx: Tx,
  upload: SoundUpload,
  project: ProjectKey,
): Promise<ReleaseRow> {
  const { version, candidate } = upload
  const release = await tx
    .insertInto('releases')
    .values({
      project_id: project.id,
      version: version.toString(),
      canonical_version: canonicalizeVersion(version),
      version_sort_key: versionSortKey(version),
      is_prerelease: version.isPrerelease ? 1 : 0,
      created_at: uploadTime(candidate),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await recordEvent(tx, {
    ...eventBy(upload, project),
    type: 'release-created',
    version: release.version,
    facts: {},
  })
  return release
}

async function createFile(tx: Tx, upload: SoundUpload, release: ReleaseRow): Promise<FileRow> {
  const file = await tx
    .insertInto('files')
    .values(fileRow(upload, release))
    .returningAll()
    .executeTakeFirstOrThrow()
  const { description: _kept, ...core } = upload.metadata
  await tx
    .insertInto('file_metadata')
    .values({
      file_id: file.id,
      sha256: upload.metadataSha256,
      core_metadata: JSON.stringify(core),
    })
    .execute()
  return file
}

const longestUserAgent = 200
const mostWarnings = 20

function fileRow(upload: SoundUpload, release: ReleaseRow): NewFile {
  const { candidate, content, metadata, kind, pythonTag } = upload
  const { past } = candidate
  const yanked = past?.yanked ?? candidate.catalog?.yanked
  return {
    index_id: candidate.index,
    project_id: release.project_id,
    release_id: release.id,
    filename: content.filename,
    kind,
    python_tag: pythonTag,
    size: content.blob.size,
    ...content.blob.digests,
    requires_python: metadata.requiresPython ?? null,
    metadata_sha256: upload.isMetadataAdvertised ? upload.metadataSha256 : null,
    // A release yanked as a whole stays so when a file joins it.
    yanked: yanked ? 1 : 0,
    yanked_reason: yanked === false ? null : (yanked?.reason ?? null),
    uploaded_at: uploadTime(candidate),
    uploaded_by: past?.uploadedBy ?? candidate.identity.userId,
    uploaded_via: candidate.userAgent?.slice(0, longestUserAgent) ?? null,
  }
}

/** A file that was published elsewhere has been out since then, for whoever waits until files are old enough. */
function uploadTime({ now, past }: Candidate): string {
  const { uploadedAt = now } = past ?? {}
  return (uploadedAt < now ? uploadedAt : now).toISOString()
}

/** The event is of now, as it must be; from these facts the past is replayed. */
function pastFacts(candidate: Candidate) {
  const { past, now } = candidate
  const uploadedAt = uploadTime(candidate)
  return {
    ...(uploadedAt !== now.toISOString() && { uploadedAt }),
    ...(past?.yanked !== undefined && { yanked: past.yanked }),
  }
}

/** Its files come in any order. */
async function ageRelease(tx: Tx, { id, created_at }: ReleaseRow, candidate: Candidate) {
  const at = uploadTime(candidate)
  if (at >= created_at) return
  await tx.updateTable('releases').set({ created_at: at }).where('id', '=', id).execute()
}
