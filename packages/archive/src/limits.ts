/** How much an archive may cost its reader. */
import type { Findings } from './findings.ts'
import { InvalidArchive } from './invalid-archive.ts'

/** Bounds on an archive. Sizes are bytes; all are inclusive. */
export interface ArchiveLimits {
  /** Entries or members. */
  readonly entries: number
  /** Bytes of everything unpacked together. */
  readonly totalSize: number
  /** Unpacked bytes for each packed byte, once more than `ratioFrom` bytes are unpacked. */
  readonly ratio: number
  readonly ratioFrom: number
  /** Bytes of one entry, unpacked. */
  readonly entrySize: number
  /** Bytes of one name. */
  readonly nameLength: number
}

const mebibyte = 2 ** 20

/**
 * Roomy enough for every real wheel and sdist known to us. `ratio` and `ratioFrom` are the public
 * index's own rule for bombs: more than 64 MiB unpacked and more than 50 times the packed size.
 *
 * @example
 * ```ts
 * defaultLimits.ratio // 50
 * ```
 */
export const defaultLimits: ArchiveLimits = {
  entries: 100_000,
  totalSize: 16_384 * mebibyte,
  ratio: 50,
  ratioFrom: 64 * mebibyte,
  entrySize: 8192 * mebibyte,
  nameLength: 1024,
}

export function withDefaults(limits: Partial<ArchiveLimits> = {}): ArchiveLimits {
  return { ...defaultLimits, ...limits }
}

export interface Sizes {
  readonly packed: number
  readonly unpacked: number
}

/** Throws for what unpacks to too much, or to suspiciously more than it is: even checks stop there. */
export function checkTotal({ packed, unpacked }: Sizes, limits: ArchiveLimits): void {
  if (unpacked > limits.totalSize) {
    const message = `The archive unpacks to ${unpacked} bytes or more; the limit is ${limits.totalSize}.`
    throw new InvalidArchive('too-large', message)
  }
  if (unpacked > limits.ratioFrom && unpacked > packed * limits.ratio) {
    const message = `The archive unpacks to ${unpacked} bytes from ${packed}; beyond ${limits.ratioFrom} bytes at most ${limits.ratio} times the size is allowed.`
    throw new InvalidArchive('bomb', message)
  }
}

/** Refuses an entry that is too large on its own. */
export function checkEntry(
  entry: { readonly name: string; readonly size: number },
  limits: ArchiveLimits,
  to: Findings,
): void {
  if (entry.size <= limits.entrySize) return
  const message = `This entry has ${entry.size} bytes; the limit for one is ${limits.entrySize}.`
  to.refuse('entry-too-large', message, entry.name)
}
