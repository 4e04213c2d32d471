/** Publishes a file that somebody else published before: through the same checks as an upload, described by itself. */
import { InvalidArchive } from '@cheeseshop/archive'
import { uploadFields } from '@cheeseshop/client'
import { type CoreMetadata, readSdist, readWheel } from '@cheeseshop/packaging'
import type { StagedBlob } from '../../storage/blob-store.ts'
import { type Publication, publishFile } from '../catalog/files.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'

export interface ImportedFile {
  readonly filename: string
  readonly outcome: Publication['status'] | 'refused'
  /** Why it was refused. */
  readonly problems: readonly string[]
}

export interface ArrivedFile {
  readonly filename: string
  readonly blob: StagedBlob
}

/** Into the index with this id. A file that is refused is not an error: others may follow. */
export async function importFile(
  domain: Domain,
  identity: Identity,
  { filename, blob }: ArrivedFile,
  index: number,
): Promise<ImportedFile> {
  try {
    const upload = {
      index,
      fields: await formOf(filename, blob),
      fileFields: new Set(['content']),
      content: { filename, blob, contentType: 'application/octet-stream' },
      userAgent: 'cheeseshop import',
    }
    const { status } = await publishFile(domain, identity, upload)
    return { filename, outcome: status, problems: [] }
  } catch (error) {
    const isRefusal = error instanceof DomainError && error.code === 'upload-refused'
    if (!isRefusal && !(error instanceof InvalidArchive)) throw error
    return { filename, outcome: 'refused', problems: error.message.split('\n') }
  }
}

/** What a client would send with it. */
async function formOf(filename: string, blob: StagedBlob): Promise<Map<string, string[]>> {
  const metadata = await metadataOf(filename, blob)
  const fields = new Map<string, string[]>()
  for (const [name, value] of uploadFields({ filename, metadata, hashes: { ...blob.digests } }) ??
    []) {
    fields.set(name, [...(fields.get(name) ?? []), value])
  }
  return fields
}

async function metadataOf(filename: string, blob: StagedBlob): Promise<CoreMetadata> {
  const read = filename.endsWith('.whl') ? readWheel : readSdist
  return (await read(blob, filename)).metadata
}

export function isDistribution(filename: string): boolean {
  return /\.(whl|tar\.gz|zip)$/.test(filename)
}
