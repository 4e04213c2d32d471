/** A file of a release: its columns and how a row becomes the value. */
import type { FileRow } from '../../database/schema.ts'
import type { ReleaseFile } from './project-files.ts'

export const fileColumns = [
  'id',
  'release_id',
  'filename',
  'kind',
  'python_tag',
  'size',
  'sha256',
  'blake2b_256',
  'md5',
  'requires_python',
  'metadata_sha256',
  'yanked',
  'yanked_reason',
  'uploaded_at',
  'uploaded_via',
] as const satisfies readonly (keyof FileRow)[]

export type FileColumns = Pick<FileRow, (typeof fileColumns)[number]>

export function toReleaseFile(row: FileColumns, version: string): ReleaseFile {
  return {
    id: row.id,
    releaseId: row.release_id,
    version,
    filename: row.filename,
    kind: row.kind,
    pythonTag: row.python_tag,
    size: row.size,
    sha256: row.sha256,
    blake2b256: row.blake2b_256,
    md5: row.md5,
    ...(row.requires_python !== null && { requiresPython: row.requires_python }),
    ...(row.metadata_sha256 !== null && { metadataSha256: row.metadata_sha256 }),
    isYanked: row.yanked === 1,
    ...(row.yanked_reason !== null && { yankedReason: row.yanked_reason }),
    uploadedAt: row.uploaded_at,
    ...(row.uploaded_via !== null && { uploadedVia: row.uploaded_via }),
  }
}
