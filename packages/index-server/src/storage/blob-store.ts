/** Where bytes are kept: content-addressed blobs, named by their SHA-256 in hex. */
import type { ByteSource } from '@cheeseshop/archive'

export interface Digests {
  sha256: string
  blake2b_256: string
  md5: string
}

/**
 * A store of immutable blobs. A blob is stored before any row names it, so a crash leaves garbage
 * for the sweep, never a hole.
 */
export interface BlobStore {
  /** Opens a staged blob: bytes that are being received and have no name yet. */
  stage(): Promise<BlobWriter>
  /** Opens a stored blob for reading at any place; undefined when there is none. */
  open(sha256: string): Promise<StoredBlob | undefined>
  /** Size and age of a stored blob; undefined when there is none. */
  stat(sha256: string): Promise<BlobFacts | undefined>
  /** Deletes a blob, if it is there. Who has it open may read on. */
  delete(sha256: string): Promise<void>
  /** Every stored blob in no particular order, for the sweep. */
  list(): AsyncIterable<{ sha256: string } & BlobFacts>
  /** How many bytes fit beside what is there. */
  freeBytes(): Promise<number>
  /** Removes staged bytes that a crash left behind, last written before the given time; returns how many. */
  discardStagedBefore(time: Date): Promise<number>
}

export interface BlobFacts {
  readonly size: number
  /** When it was kept, for the last time. */
  readonly storedAt: Date
}

/** Receives bytes and hashes them on the way. */
export interface BlobWriter extends AsyncDisposable {
  readonly size: number
  /** Await each before the next. */
  write(chunk: Uint8Array): Promise<void>
  /** What was written so far, from `start` to `end`; it must be there already. */
  read(start: number, end: number): Promise<Uint8Array>
  /** Ends the writing. */
  finish(): Promise<StagedBlob>
  /** Throws the bytes away unless `finish` gave them to a StagedBlob; safe to call at any time, also twice. */
  discard(): Promise<void>
}

/**
 * Received bytes: checked first, then kept or not. Whoever has it calls `discard` at the end in every case
 * (`await using` does); what was kept stays stored.
 */
export interface StagedBlob extends ByteSource, AsyncDisposable {
  readonly digests: Digests
  /**
   * Makes the bytes durable under their digest. Storing the same bytes twice is not an error and renews their
   * age; the staged bytes stay readable until `discard`.
   */
  keep(): Promise<void>
  discard(): Promise<void>
}

export interface StoredBlob extends ByteSource, BlobFacts, AsyncDisposable {
  /** How much to read at once, where the usual is too much: many may be reading the same blob. */
  readonly pieceSize?: number
  /** A path the HTTP layer may stream from directly, for stores that have one. */
  readonly path?: string
}

/** Stages and keeps bytes that are in memory; returns their digests. */
export async function keepBytes(store: BlobStore, bytes: Uint8Array): Promise<Digests> {
  await using staged = await stageBytes(store, bytes)
  await staged.keep()
  return staged.digests
}

/** Stages bytes that are in memory. */
export async function stageBytes(store: BlobStore, bytes: Uint8Array): Promise<StagedBlob> {
  await using writer = await store.stage()
  await writer.write(bytes)
  return await writer.finish()
}
