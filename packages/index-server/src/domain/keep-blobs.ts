/** Names blobs in the database without a race against the sweep. */
import { type Tx, transact } from '../database/database.ts'
import type { StagedBlob } from '../storage/blob-store.ts'
import type { Domain } from './domain.ts'

/** More than one is needed only where the sweep deletes blobs that are no older than an upload takes. */
const TRIES = 10

/**
 * Keeps the blobs, then runs the transaction that names them; its work may assume that they are there and stay.
 *
 * The sweep deletes an old blob in a transaction of its own, after looking whether a row names it. Transactions
 * stand in line (see `transact`), so the sweep comes either before this one, which then sees that the blob is
 * gone and keeps it again, or after it, and then finds the row.
 */
export async function keepBlobs<Result>(
  domain: Pick<Domain, 'db' | 'blobs'>,
  blobs: readonly StagedBlob[],
  work: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    await Promise.all(blobs.map((blob) => blob.keep()))
    try {
      return await transact(domain.db, async (tx) => {
        await requireBlobs(domain, blobs)
        return work(tx)
      })
    } catch (error) {
      if (!(error instanceof BlobSwept) || tries === TRIES) throw error
    }
  }
}

async function requireBlobs(
  domain: Pick<Domain, 'blobs'>,
  blobs: readonly StagedBlob[],
): Promise<void> {
  for (const { digests } of blobs) {
    if (!(await domain.blobs.stat(digests.sha256))) throw new BlobSwept(digests.sha256)
  }
}

class BlobSwept extends Error {
  constructor(sha256: string) {
    super(`The blob ${sha256} was deleted between storing and naming it.`)
  }
}
