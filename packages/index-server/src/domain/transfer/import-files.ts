/** Imports files one by one; what is there already is not fetched again, so an import that was cut short goes on. */
import type { StagedBlob } from '../../storage/blob-store.ts'
import type { Past } from '../catalog/publish/upload.ts'
import type { Domain } from '../domain.ts'
import type { Identity } from '../identity.ts'
import { type ImportedFile, importFile, refused } from './import-file.ts'

/** A file that is to be imported, and how its bytes come. */
export interface WaitingFile {
  readonly filename: string
  /** The id of the index it goes to. */
  readonly index: number
  readonly size?: number
  /** What the source says it is; other bytes are refused. */
  readonly sha256?: string
  readonly past?: Past
  /** Its bytes are here, so that a dry run looks at them too. */
  readonly isLocal?: boolean
  /** Reads it where it is, for a source that does not say: asked only where there is a file of the same name and size. */
  digest?(): Promise<string>
  /** `FileRefused` where it cannot be had and others may follow. */
  chunks(): AsyncIterable<Uint8Array>
}

/** What there is to do in all, as far as it is known. */
export interface ImportTotal {
  readonly files: number
  readonly bytes: number
}

export interface ImportStep extends ImportedFile {
  readonly size: number
  readonly of?: ImportTotal
}

export interface ImportTools {
  /** Only tell what would be imported, and what would be refused as far as that is known without fetching it. */
  readonly isDryRun?: boolean
  /** Called with how many bytes have come, while they come. */
  onBytes?(count: number): void
  /** Called while it is found out what there is to do: how many of how many projects were looked at. */
  onLook?(done: number, of: number): void
  /** Told what else was done or left, a sentence each. */
  onRemark?(sentence: string): void
}

/** A file that cannot be had; the others may. */
export class FileRefused extends Error {}

export async function* importFiles(
  domain: Domain,
  identity: Identity,
  files: Iterable<WaitingFile> | AsyncIterable<WaitingFile>,
  tools: ImportTools = {},
): AsyncGenerator<Omit<ImportStep, 'of'>> {
  for await (const file of files) {
    const imported = await importWaiting(domain, identity, file, tools)
    yield { ...imported, size: file.size ?? 0 }
  }
}

async function importWaiting(
  domain: Domain,
  identity: Identity,
  file: WaitingFile,
  { isDryRun = false, onBytes }: ImportTools,
): Promise<ImportedFile> {
  const { filename, index, past } = file
  const as = (outcome: 'unchanged' | 'wanted') => ({ filename, outcome, problems: [] })
  try {
    if (await isThere(domain, file)) return as('unchanged')
    if (isDryRun && !file.isLocal) return as('wanted')
    const blob = await stage(domain, file, onBytes)
    const arrived = { filename, blob, isDryRun, ...(past && { past }) }
    return await importFile(domain, identity, arrived, index)
  } catch (error) {
    if (error instanceof FileRefused) return refused(filename, error.message)
    throw error
  }
}

async function isThere({ db }: Domain, file: WaitingFile): Promise<boolean> {
  const row = await db
    .selectFrom('files')
    .select(['sha256', 'size'])
    .where('index_id', '=', file.index)
    .where('filename', '=', file.filename)
    .executeTakeFirst()
  if (row === undefined || (file.size ?? row.size) !== row.size) return false
  return row.sha256 === (file.sha256 ?? (await file.digest?.()))
}

async function stage(
  domain: Domain,
  { chunks, sha256 }: WaitingFile,
  onBytes: ImportTools['onBytes'],
): Promise<StagedBlob> {
  const blob = await stageChunks(domain, chunks(), onBytes)
  if (sha256 === undefined || blob.digests.sha256 === sha256) return blob
  await blob.discard()
  throw new FileRefused(
    `Its SHA-256 is ${blob.digests.sha256}, and should be ${sha256}: it was changed or damaged on its way.`,
  )
}

/** No more than a file may have: what a source says of sizes is not believed. */
export async function stageChunks(
  { blobs, rules }: Domain,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: ImportTools['onBytes'],
): Promise<StagedBlob> {
  await using writer = await blobs.stage()
  for await (const chunk of chunks) {
    if (writer.size + chunk.length > rules.maximumFileSize) {
      throw new FileRefused(
        `It has more than ${rules.maximumFileSize} bytes, which is the most a file may have here (the setting max-file-size).`,
      )
    }
    await writer.write(chunk)
    onBytes?.(chunk.length)
  }
  return await writer.finish()
}
