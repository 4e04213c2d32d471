/** The files that an installed project says are its own, and the error when it says nothing. */
import type { InstalledProject } from '../environment/installed-project.ts'

/** Absolute paths, wherever they lead. */
export interface OwnedFiles {
  readonly files: readonly string[]
  /** Folders that go with all they hold. */
  readonly folders: readonly string[]
  /** Files that stay, without some of their lines. */
  readonly rewritten?: readonly RewrittenFile[]
}

export interface RewrittenFile {
  readonly path: string
  /** Several projects may have lines in one. */
  readonly keeps: (line: string) => boolean
}

/** Thrown when nothing says which files belong to a project, or they are not ours to remove. */
export class CannotUninstall extends Error {
  override readonly name = 'CannotUninstall'
  readonly project: InstalledProject

  constructor(project: InstalledProject, why: string) {
    super(`${project.name} ${project.writtenVersion} cannot be removed: ${why}`)
    this.project = project
  }
}
