/** What the parts of a project page show. */
import type { CoreMetadata } from '@cheeseshop/packaging'
import type {
  ProjectFiles,
  ReleaseFile,
  ReleaseSummary,
} from '../../../domain/catalog/project-files.ts'
import type { ProjectRole } from '../../../domain/catalog/project-roles.ts'

export interface ProjectView {
  /** How to get from here to the top. */
  root: string
  project: ProjectFiles
  /** Absent in a project without any release. */
  release: ReleaseSummary | undefined
  latest: ReleaseSummary | undefined
  /** Of this release. */
  files: readonly ReleaseFile[]
  /** Absent while there is no file to take it from. */
  metadata: CoreMetadata | undefined
  roles: readonly ProjectRole[]
}
