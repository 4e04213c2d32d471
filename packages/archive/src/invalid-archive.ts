/** What can be wrong with an archive: as an error for readers, as a plain value for reports. */

/** One thing wrong with an archive. `code` is stable, `message` is a full sentence for people. */
export interface ArchiveProblem {
  readonly code: string
  readonly message: string
  /** The entry or member concerned, as its name is written in the archive. */
  readonly entry?: string
}

/**
 * Thrown when an archive cannot be read safely, or only by guessing. `code` is stable (see
 * {@link ArchiveProblemCode}), `message` a full sentence, `entry` the name concerned if it is one.
 *
 * @example
 * ```ts
 * new InvalidArchive('truncated', 'The archive ends too early.').code // 'truncated'
 * ```
 */
export class InvalidArchive extends Error {
  override readonly name = 'InvalidArchive'
  readonly code: string
  readonly entry?: string

  constructor(code: ArchiveProblemCode, message: string, entry?: string) {
    super(message)
    this.code = code
    if (entry !== undefined) this.entry = entry
  }
}

/** Every code an {@link ArchiveProblem} or {@link InvalidArchive} of this package can carry. */
export type ArchiveProblemCode =
  // Names, in zip and tar alike.
  | 'name-absolute'
  | 'name-backslash'
  | 'name-control-character'
  | 'name-drive'
  | 'name-empty'
  | 'name-not-plain'
  | 'name-not-utf8'
  | 'name-too-long'
  | 'name-traversal'
  | 'case-collision'
  | 'duplicate-name'
  | 'file-is-directory'
  // Limits.
  | 'bomb'
  | 'entry-too-large'
  | 'too-large'
  | 'too-many-entries'
  // Contents.
  | 'bad-crc'
  | 'bad-data'
  | 'size-mismatch'
  | 'truncated'
  | 'directory-with-data'
  | 'special-file'
  | 'symlink'
  // Zip framing.
  | 'not-a-zip'
  | 'trailing-data'
  | 'prefix-data'
  | 'two-ends'
  | 'split-archive'
  | 'count-mismatch'
  | 'directory-misplaced'
  | 'bad-directory'
  | 'zip64-inconsistent'
  | 'zip64-extensible-data'
  | 'bad-extra-field'
  | 'duplicate-extra-field'
  | 'unicode-path-differs'
  | 'name-encoding'
  | 'entry-comment'
  | 'type-mismatch'
  | 'unsupported-method'
  | 'encrypted'
  | 'unknown-flags'
  | 'data-descriptor'
  | 'bad-data-descriptor'
  | 'bad-local-header'
  | 'local-header-differs'
  | 'overlap'
  | 'gap'
  | 'hidden-entry'
  // gzip and tar framing.
  | 'not-gzip'
  | 'several-gzip-members'
  | 'not-a-tar'
  | 'bad-header'
  | 'bad-pax-header'
  | 'header-too-large'
  | 'ambiguous-header'
  | 'unexpected-size'
  | 'sparse-file'
  | 'unknown-type'
  | 'no-end-marker'
  | 'data-after-end'
  // Links and extraction.
  | 'link-absolute'
  | 'link-outside'
  | 'link-target-missing'
  | 'link-in-path'
