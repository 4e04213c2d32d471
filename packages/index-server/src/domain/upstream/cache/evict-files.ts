/** Makes room: takes away files of upstreams that were not used for long. Uploads have rows of another table and stay. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { type Tx, transact } from '../../../database/database.ts'
import { unnamedBlobs } from '../../blob-names.ts'
import type { Domain } from '../../domain.ts'
import { touchProject } from '../kept-projects.ts'

/** The job that does it. */
export const evictFilesType = 'evict-upstream-files'

/** Files in one transaction: while it lasts, changes wait. */
const BATCH = 50

export interface CacheLimits {
  /** Bytes of all files together. */
  readonly size?: number
  /** Milliseconds since the last use. */
  readonly age?: number
}

export interface Evicted {
  readonly files: number
  readonly bytes: number
}

type Storing = Pick<Domain, 'db' | 'blobs' | 'clock'>

/** Pinned files stay, whatever the limits. */
export async function evictFiles(
  domain: Storing,
  { age, size }: CacheLimits,
  signal?: AbortSignal,
): Promise<Evicted> {
  const tooOld = age === undefined ? nothing : await evictOlder(domain, age, signal)
  const tooMuch = size === undefined ? nothing : await evictOver(domain, size, signal)
  return { files: tooOld.files + tooMuch.files, bytes: tooOld.bytes + tooMuch.bytes }
}

const nothing: Evicted = { files: 0, bytes: 0 }

async function evictOlder(domain: Storing, age: number, signal?: AbortSignal): Promise<Evicted> {
  const before = new Date(domain.clock().getTime() - age).toISOString()
  const evicted = { ...nothing }
  for (;;) {
    signal?.throwIfAborted()
    const old = (await leastUsed(domain)).filter((file) => file.last_used_at < before)
    if (old.length === 0) return evicted
    add(evicted, await dropFiles(domain, old))
  }
}

async function evictOver(domain: Storing, size: number, signal?: AbortSignal): Promise<Evicted> {
  return evictBytes(domain, (await heldBytes(domain)) - size, signal)
}

/** As many bytes as are over, if that many are not pinned. */
export async function evictBytes(
  domain: Storing,
  over: number,
  signal?: AbortSignal,
): Promise<Evicted> {
  const evicted = { ...nothing }
  while (evicted.bytes < over) {
    signal?.throwIfAborted()
    const few = untilEnough(await leastUsed(domain), over - evicted.bytes)
    if (few.length === 0) break
    add(evicted, await dropFiles(domain, few))
  }
  return evicted
}

function add(sum: { files: number; bytes: number }, more: Evicted): void {
  sum.files += more.files
  sum.bytes += more.bytes
}

/** What a row says of a file that is to go. */
export interface DroppedFile {
  readonly upstream_id: number
  readonly normalized_name: string
  readonly filename: string
  readonly sha256: string | null
  readonly metadata_sha256: string | null
  readonly size: number | null
  readonly metadata_size: number | null
}

export const droppedColumns = [
  'upstream_id',
  'normalized_name',
  'filename',
  'sha256',
  'metadata_sha256',
  'size',
  'metadata_size',
] as const satisfies readonly (keyof DroppedFile)[]

/**
 * Takes the rows away, and the blobs that nobody else names. Uploads stand in line behind the transaction, and one that
 * had kept such a blob already finds it gone and keeps it again (domain/keep-blobs.ts).
 */
export async function dropFiles(
  { db, blobs }: Storing,
  files: readonly DroppedFile[],
): Promise<Evicted> {
  return transact(db, async (tx) => {
    for (const file of files) await dropRow(tx, file)
    await touchProjects(tx, files)
    const digests = files.flatMap(({ sha256, metadata_sha256 }) => [sha256, metadata_sha256])
    const named = [...new Set(digests.filter((digest) => digest !== null))]
    for (const sha256 of await unnamedBlobs(tx, named)) await blobs.delete(sha256)
    return { files: files.length, bytes: files.reduce((sum, file) => sum + bytesOf(file), 0) }
  })
}

function dropRow(tx: Tx, file: DroppedFile): Promise<unknown> {
  return tx
    .deleteFrom('upstream_files')
    .where('upstream_id', '=', file.upstream_id)
    .where('normalized_name', '=', file.normalized_name)
    .where('filename', '=', file.filename)
    .execute()
}

/** Metadata that only we had is no longer promised. */
async function touchProjects(tx: Tx, files: readonly DroppedFile[]): Promise<void> {
  const keys = new Map(
    files.map(({ upstream_id: upstreamId, normalized_name }) => [
      `${upstreamId} ${normalized_name}`,
      { upstreamId, name: normalized_name as NormalizedName },
    ]),
  )
  for (const key of keys.values()) await touchProject(tx, key)
}

function leastUsed({ db }: Storing) {
  return db
    .selectFrom('upstream_files')
    .select(droppedColumns)
    .select('last_used_at')
    .where('pinned', '=', 0)
    .orderBy('last_used_at')
    .orderBy('filename')
    .limit(BATCH)
    .execute()
}

export async function heldBytes({ db }: Pick<Storing, 'db'>): Promise<number> {
  const { size, metadata } = await db
    .selectFrom('upstream_files')
    .select((select) => [
      select.fn.sum<number | string | null>('size').as('size'),
      select.fn.sum<number | string | null>('metadata_size').as('metadata'),
    ])
    .executeTakeFirstOrThrow()
  return Number(size ?? 0) + Number(metadata ?? 0)
}

function untilEnough<File extends DroppedFile>(files: readonly File[], over: number): File[] {
  let room = 0
  return files.filter((file) => {
    const isNeeded = room < over
    room += bytesOf(file)
    return isNeeded
  })
}

function bytesOf({ size, sha256, metadata_size }: DroppedFile): number {
  return (sha256 === null ? 0 : (size ?? 0)) + (metadata_size ?? 0)
}
