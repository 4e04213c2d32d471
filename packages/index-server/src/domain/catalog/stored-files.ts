/** Opens the bytes of uploaded files; whether they are shown was decided before. */
import type { StoredBlob } from '../../storage/blob-store.ts'
import type { Domain } from '../domain.ts'
import type { ReleaseFile } from './project-files.ts'

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

export function openTwin(
  domain: Domain,
  twin: { sha256: string },
  filename: string,
): Promise<StoredBlob> {
  return openBlob(domain, twin.sha256, filename)
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
