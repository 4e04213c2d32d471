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
  delete(sha256: string): Promise<void>
  /** Every stored blob in no particular order, for the sweep. */
  list(): AsyncIterable<{ sha256: string; size: number; storedAt: Date }>
  /** Removes staged bytes that a crash left behind, older than the given time. */
  discardStagedBefore(time: Date): Promise<number>
}

/** Receives bytes and hashes them on the way. */
export interface BlobWriter {
  readonly size: number
  write(chunk: Uint8Array): Promise<void>
  /** Ends the writing. */
  finish(): Promise<StagedBlob>
  /** Throws the bytes away; safe to call at any time, also twice. */
  discard(): Promise<void>
}

/** Received bytes: checked first, then kept or discarded. */
export interface StagedBlob extends ByteSource {
  readonly digests: Digests
  /** Makes the bytes durable under their digest. Storing the same bytes twice is not an error and renews their age. */
  keep(): Promise<void>
  discard(): Promise<void>
}

export interface StoredBlob extends ByteSource, AsyncDisposable {
  readonly storedAt: Date
  /** A path the HTTP layer may stream from directly, for stores that have one. */
  readonly path?: string
}
