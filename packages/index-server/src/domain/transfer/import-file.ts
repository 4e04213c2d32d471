/** Publishes a file that somebody else published before: through the same checks as an upload, described by itself. */
import { InvalidArchive } from '@cheeseshop/archive'
import { uploadFields } from '@cheeseshop/client'
import {
  type CoreMetadata,
  InvalidSdistFilename,
  InvalidWheelFilename,
  readSdist,
  readWheel,
} from '@cheeseshop/packaging'
import type { StagedBlob } from '../../storage/blob-store.ts'
import { type Publication, publishFile, tryFile } from '../catalog/files.ts'
import type { Past } from '../catalog/publish/upload.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'

export interface ImportedFile {
  readonly filename: string
  /** `wanted`: it would be imported, were it not for a dry run. */
  readonly outcome: Publication['status'] | 'refused' | 'wanted'
  /** Why it was refused. */
  readonly problems: readonly string[]
}

export interface ArrivedFile {
  readonly filename: string
  readonly blob: StagedBlob
  readonly past?: Past
  /** Only look at it. */
  readonly isDryRun?: boolean
}

/** Into the index with this id. A file that is refused is not an error: others may follow. */
export async function importFile(
  domain: Domain,
  identity: Identity,
  { filename, blob, past, isDryRun = false }: ArrivedFile,
  index: number,
): Promise<ImportedFile> {
  await using _staged = blob
  try {
    const upload = {
      index,
      fields: await formOf(filename, blob),
      fileFields: new Set(['content']),
      content: { filename, blob, contentType: 'application/octet-stream' },
      userAgent: 'cheeseshop import',
      past: past ?? {},
    }
    const outcome = isDryRun
      ? await tryFile(asImporting(domain), identity, upload)
      : (await publishFile(asImporting(domain), identity, upload)).status
    return { filename, outcome, problems: [] }
  } catch (error) {
    if (!isAboutTheFile(error)) throw error
    return { filename, outcome: 'refused', problems: error.message.split('\n') }
  }
}

function isAboutTheFile(error: unknown): error is Error {
  if (error instanceof DomainError) return error.code === 'upload-refused'
  return [InvalidArchive, InvalidWheelFilename, InvalidSdistFilename].some(
    (kind) => error instanceof kind,
  )
}

export function refused(filename: string, ...problems: string[]): ImportedFile {
  return { filename, outcome: 'refused', problems }
}

/** Names that were right when the file was made stay right where it is moved. */
function asImporting(domain: Domain): Domain {
  const { db, blobs, upstreams } = domain
  const rules = { ...domain.rules, legacyFilenames: true, localVersions: true }
  return { db, blobs, upstreams, rules, clock: () => domain.clock() }
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
