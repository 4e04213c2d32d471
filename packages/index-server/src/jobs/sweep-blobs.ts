/** Deletes blobs that no row names: what crashes, refused uploads and deleted files left behind. */
import { transact } from '../database/database.ts'
import { unnamedBlobs } from '../domain/blob-names.ts'
import type { Domain } from '../domain/domain.ts'
import type { Job } from './job.ts'

const DAY_MS = 24 * 3_600_000
/** Digests compared in one query. */
const COMPARED = 500
/** Deletions in one transaction: while it lasts, uploads wait. */
const DELETED = 10

/** `olderThanMs`: leaves younger blobs alone; they may belong to an upload under way. */
export function sweepBlobsJob(olderThanMs: number): Job {
  return {
    type: 'sweep-blobs',
    every: DAY_MS,
    run: async ({ domain, signal }) => void (await sweepBlobs(domain, { olderThanMs, signal })),
  }
}

export interface SweepOptions {
  olderThanMs: number
  signal?: AbortSignal
}

export interface SweepResult {
  blobs: number
  bytes: number
}

/** Returns what it deleted. */
export async function sweepBlobs(domain: Domain, options: SweepOptions): Promise<SweepResult> {
  const before = new Date(domain.clock().getTime() - options.olderThanMs)
  const swept = { blobs: 0, bytes: 0 }
  for await (const digests of inBatches(oldBlobs(domain, before), COMPARED)) {
    const unnamed = await unnamedBlobs(domain.db, digests)
    for await (const few of inBatches(unnamed, DELETED)) {
      options.signal?.throwIfAborted()
      const deleted = await deleteUnnamed(domain, few, before)
      swept.blobs += deleted.blobs
      swept.bytes += deleted.bytes
    }
  }
  return swept
}

/**
 * Looks again inside a transaction: uploads stand in line behind it, so none can begin to use a blob between the
 * look and the deletion. One that kept the blob earlier finds it gone and keeps it again (domain/keep-blobs.ts).
 */
async function deleteUnnamed(
  { db, blobs }: Domain,
  digests: readonly string[],
  before: Date,
): Promise<SweepResult> {
  return transact(db, async (tx) => {
    const deleted = { blobs: 0, bytes: 0 }
    for (const sha256 of await unnamedBlobs(tx, digests)) {
      const blob = await blobs.stat(sha256)
      if (!blob || blob.storedAt > before) continue
      await blobs.delete(sha256)
      deleted.blobs += 1
      deleted.bytes += blob.size
    }
    return deleted
  })
}

async function* oldBlobs({ blobs }: Domain, before: Date): AsyncIterable<string> {
  for await (const blob of blobs.list()) {
    if (blob.storedAt <= before) yield blob.sha256
  }
}

async function* inBatches<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  size: number,
): AsyncIterable<Item[]> {
  let batch: Item[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length === size) {
      yield batch
      batch = []
    }
  }
  if (batch.length > 0) yield batch
}
