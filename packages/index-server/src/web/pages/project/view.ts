/** What the parts of a project page show. */
import type { CoreMetadata } from '@cheeseshop/packaging'
import type { ReleaseSummary } from '../../../domain/catalog/project-files.ts'
import type { ProjectRole } from '../../../domain/catalog/project-roles.ts'
import type { IndexFile, IndexProject } from '../../../domain/indexes/index-project.ts'
import type { PackageIndex } from '../../../domain/indexes/package-index.ts'
import type { ExplainedFile } from '../../../domain/policy/explain-project.ts'

export interface ProjectView {
  /** How to get from here to the top of the index. */
  root: string
  index: PackageIndex
  project: IndexProject
  /** Absent in a project without any release. */
  release: ReleaseSummary | undefined
  latest: ReleaseSummary | undefined
  /** Of this release. */
  files: readonly IndexFile[]
  /** What sources have of this release, or of all where it is the latest, and the index does not show. */
  withheld: readonly ExplainedFile[]
  /** Absent while there is no file to take it from. */
  metadata: CoreMetadata | undefined
  roles: readonly ProjectRole[]
}
