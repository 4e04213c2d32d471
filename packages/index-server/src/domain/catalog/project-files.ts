/** Releases and their files as values; which of them an index shows is decided in indexes/index-project.ts. */
import type { FileKind } from '../../database/schema.ts'

export interface ReleaseSummary {
  id: number
  version: string
  canonicalVersion: string
  isPrerelease: boolean
  /** All its files are yanked, and it has some. */
  isYanked: boolean
  yankedReason?: string
  createdAt?: string
}

export interface ReleaseFile {
  id: number
  releaseId: number
  version: string
  filename: string
  kind: FileKind
  pythonTag: string
  size: number
  sha256: string
  blake2b256: string
  md5: string
  requiresPython?: string
  metadataSha256?: string
  isYanked: boolean
  yankedReason?: string
  uploadedAt: string
  uploadedVia?: string
}

/** The path part of a file's permanent URL: `/packages/aa/bb/rest/filename`, split from its BLAKE2b-256 as PyPI does. */
export function filePath(file: Pick<ReleaseFile, 'blake2b256' | 'filename'>): string {
  const digest = file.blake2b256
  return `/packages/${digest.slice(0, 2)}/${digest.slice(2, 4)}/${digest.slice(4)}/${encodeURIComponent(file.filename)}`
}
