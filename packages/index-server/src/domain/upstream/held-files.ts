/** The rows of upstream files whose bytes or metadata are here. They never count as uploads: see evict-files.ts. */
import type { Database, Tx } from '../../database/database.ts'
import { transactSoon } from '../../database/transact-soon.ts'
import type { KeptFile } from './kept-page.ts'
import type { ProjectKey } from './kept-projects.ts'

export interface HeldFile {
  readonly filename: string
  /** Absent while only the metadata is here. */
  readonly sha256?: string
  readonly size?: number
  readonly metadataSha256?: string
  /** ISO 8601, from the server the file came from. */
  readonly lastModified?: string
  readonly lastUsedAt: string
}

export interface FileKey extends ProjectKey {
  readonly filename: string
}

/** Whether these are the bytes that the page promises now: an upstream may have put others under the name. */
export function isHeld(
  file: KeptFile,
  held: HeldFile | undefined,
): held is HeldFile & { sha256: string } {
  const promised = file.hashes['sha256']
  return held?.sha256 !== undefined && (promised === undefined || promised === held.sha256)
}

/** By filename. */
export async function heldFilesOf(
  db: Database,
  { upstreamId, name }: ProjectKey,
): Promise<ReadonlyMap<string, HeldFile>> {
  const rows = await selectHeld(db)
    .where('upstream_id', '=', upstreamId)
    .where('normalized_name', '=', name)
    .execute()
  return new Map(rows.map((row) => [row.filename, heldFileOf(row)]))
}

export async function findHeldFile(db: Database, key: FileKey): Promise<HeldFile | undefined> {
  const row = await selectHeld(db)
    .where('upstream_id', '=', key.upstreamId)
    .where('normalized_name', '=', key.name)
    .where('filename', '=', key.filename)
    .executeTakeFirst()
  return row && heldFileOf(row)
}

function selectHeld(db: Database) {
  return db
    .selectFrom('upstream_files')
    .select(['filename', 'sha256', 'size', 'metadata_sha256', 'last_modified', 'last_used_at'])
}

function heldFileOf(row: {
  filename: string
  sha256: string | null
  size: number | null
  metadata_sha256: string | null
  last_modified: string | null
  last_used_at: string
}): HeldFile {
  return {
    filename: row.filename,
    ...(row.sha256 !== null && { sha256: row.sha256 }),
    ...(row.size !== null && { size: row.size }),
    ...(row.metadata_sha256 !== null && { metadataSha256: row.metadata_sha256 }),
    ...(row.last_modified !== null && { lastModified: row.last_modified }),
    lastUsedAt: row.last_used_at,
  }
}

export interface Holding {
  readonly sha256?: string
  readonly size?: number
  readonly metadataSha256?: string
  readonly metadataSize?: number
  readonly lastModified?: string
}

/** Names what was stored; what is not said stays as it was. */
export async function holdFile(tx: Tx, key: FileKey, holding: Holding, now: Date): Promise<void> {
  const values = {
    ...(holding.sha256 !== undefined && { sha256: holding.sha256 }),
    ...(holding.size !== undefined && { size: holding.size }),
    ...(holding.metadataSha256 !== undefined && { metadata_sha256: holding.metadataSha256 }),
    ...(holding.metadataSize !== undefined && { metadata_size: holding.metadataSize }),
    ...(holding.lastModified !== undefined && { last_modified: holding.lastModified }),
    last_used_at: now.toISOString(),
  }
  await tx
    .insertInto('upstream_files')
    .values({
      upstream_id: key.upstreamId,
      normalized_name: key.name,
      filename: key.filename,
      stored_at: now.toISOString(),
      pinned: 0,
      ...values,
    })
    .onConflict((row) =>
      row.columns(['upstream_id', 'normalized_name', 'filename']).doUpdateSet(values),
    )
    .execute()
}

/** So that eviction knows what is in use. */
export async function noteUse(db: Database, key: FileKey, now: Date): Promise<void> {
  const note = (tx: Tx) =>
    tx
      .updateTable('upstream_files')
      .set({ last_used_at: now.toISOString() })
      .where('upstream_id', '=', key.upstreamId)
      .where('normalized_name', '=', key.name)
      .where('filename', '=', key.filename)
      .execute()
  await transactSoon(db, note)
}

/** A pinned file is never evicted. */
export async function setPinned(db: Database, key: FileKey, pinned: 0 | 1): Promise<void> {
  await db
    .updateTable('upstream_files')
    .set({ pinned })
    .where('upstream_id', '=', key.upstreamId)
    .where('normalized_name', '=', key.name)
    .where('filename', '=', key.filename)
    .execute()
}
