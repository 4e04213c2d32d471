/** Finds files by their URLs and opens their bytes; what is quarantined is not found. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import type { StoredBlob } from '../../storage/blob-store.ts'
import type { Domain } from '../domain.ts'
import type { ReleaseFile } from './project-files.ts'
import { type FileColumns, fileColumns, toReleaseFile } from './release-file.ts'

export interface StoredFile extends ReleaseFile {
  project: NormalizedName
}

/** The file at `/packages/aa/bb/rest/filename`; the digest is the three middle parts together. */
export async function findFile(
  domain: Domain,
  blake2b256: string,
  filename: string,
): Promise<StoredFile | undefined> {
  const file = await findFileByName(domain, filename)
  return file?.blake2b256 === blake2b256 ? file : undefined
}

export async function findFileByName(
  { db }: Domain,
  filename: string,
): Promise<StoredFile | undefined> {
  const row = await db
    .selectFrom('files')
    .innerJoin('releases', 'releases.id', 'files.release_id')
    .innerJoin('projects', 'projects.id', 'files.project_id')
    .select(fileColumns.map((column) => `files.${column}` as const))
    .select(['releases.version', 'projects.normalized_name'])
    .where('files.filename', '=', filename)
    .where('projects.status', '!=', 'quarantined')
    .executeTakeFirst()
  if (row === undefined) return undefined
  const project = row.normalized_name as NormalizedName
  return { ...toReleaseFile(row as FileColumns, row.version), project }
}

/** The file at `/packages/source/n/name/filename` or `/packages/py3/n/name/filename`. */
export async function findPredictableFile(
  domain: Domain,
  parts: { pythonTag: string; project: string; filename: string },
): Promise<StoredFile | undefined> {
  const file = await findFileByName(domain, parts.filename)
  if (file?.pythonTag !== parts.pythonTag) return undefined
  return tryParseName(parts.project) === file.project ? file : undefined
}

export function openFile(
  domain: Domain,
  file: Pick<ReleaseFile, 'filename' | 'sha256'>,
): Promise<StoredBlob> {
  return openBlob(domain, file.sha256, file.filename)
}

/** The metadata served beside the file; only files with a `metadataSha256` have it. */
export function openMetadata(
  domain: Domain,
  file: Pick<ReleaseFile, 'filename'> & { metadataSha256: string },
): Promise<StoredBlob> {
  return openBlob(domain, file.metadataSha256, `${file.filename}.metadata`)
}

export async function metadataSize(
  { blobs }: Domain,
  file: Pick<ReleaseFile, 'filename'> & { metadataSha256: string },
): Promise<number> {
  const facts = await blobs.stat(file.metadataSha256)
  if (facts === undefined) throw blobMissing(file.metadataSha256, `${file.filename}.metadata`)
  return facts.size
}

/** A row without its blob is damage that an operator must hear of, not a file that does not exist. */
async function openBlob({ blobs }: Domain, sha256: string, what: string): Promise<StoredBlob> {
  const blob = await blobs.open(sha256)
  if (blob === undefined) throw blobMissing(sha256, what)
  return blob
}

function blobMissing(sha256: string, what: string): Error {
  return new Error(`The blob ${sha256} of ${what} is missing from storage.`)
}
