/** The error for files that two projects both want. */

export interface FileConflict {
  readonly path: string
  /** Names of projects. */
  readonly between: readonly [string, string]
}

/** Thrown before anything is changed. */
export class ConflictingFiles extends Error {
  override readonly name = 'ConflictingFiles'
  readonly conflicts: readonly FileConflict[]

  constructor(conflicts: readonly FileConflict[]) {
    const shown = conflicts
      .slice(0, 10)
      .map(({ path, between }) => `- ${path}: ${between[0]} and ${between[1]}`)
    const more = conflicts.length > 10 ? [`- and ${conflicts.length - 10} more`] : []
    super(
      `Projects would overwrite each other's files, so nothing was changed:\n${[...shown, ...more].join('\n')}\nLeave one of them out.`,
    )
    this.conflicts = conflicts
  }
}
