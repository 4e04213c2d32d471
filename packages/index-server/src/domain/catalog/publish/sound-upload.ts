/** An upload in which nothing wrong was found: the parts that publishing needs, none of them missing. */
import { createHash } from 'node:crypto'
import {
  type CoreMetadata,
  type NormalizedName,
  sdistMetadataIsStatic,
  type Version,
} from '@cheeseshop/packaging'
import type { FileKind } from '../../../database/schema.ts'
import type { Candidate } from './candidate.ts'
import { refuse } from './refuse.ts'
import type { UploadContent } from './upload.ts'

export interface SoundUpload {
  readonly candidate: Candidate
  readonly name: NormalizedName
  readonly version: Version
  readonly kind: FileKind
  readonly content: UploadContent
  readonly pythonTag: string
  readonly metadata: CoreMetadata
  readonly metadataBytes: Uint8Array
  readonly metadataSha256: string
  /** The metadata is served beside the file: a wheel's always, an sdist's where it holds for its wheels too. */
  readonly isMetadataAdvertised: boolean
}

/** DomainError `upload-refused` with everything that was found wrong. */
export function requireSound(candidate: Candidate): SoundUpload {
  refuse(candidate.problems)
  const { name, version, kind, content, wheel, sdist } = candidate
  const { metadata, metadataBytes } = wheel ?? sdist ?? {}
  if (!name || !version || !kind || !content || !metadata || !metadataBytes) {
    throw new Error('An upload without problems lacks a part, so a check is missing.')
  }
  return {
    candidate,
    name,
    version,
    kind,
    content,
    pythonTag: wheel?.filename.pythonTag ?? 'source',
    metadata,
    metadataBytes,
    metadataSha256: createHash('sha256').update(metadataBytes).digest('hex'),
    isMetadataAdvertised: wheel !== undefined || sdistMetadataIsStatic(metadata),
  }
}
