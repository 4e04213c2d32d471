/** One project in an environment, as its .dist-info or .egg-info describes it. */
import type {
  CoreMetadata,
  DirectUrl,
  NormalizedName,
  RecordEntry,
  Version,
} from '@cheeseshop/packaging'

/** How a project came to be installed: by a wheel, by setuptools of old, or as a link to its sources. */
export type InstalledKind = 'dist-info' | 'egg-info' | 'egg-link'

/** All but the name and the version is read when it is asked for, and kept. */
export interface InstalledProject {
  readonly name: NormalizedName
  readonly version: Version
  readonly kind: InstalledKind
  /** The folder of site-packages it is in. */
  readonly location: string
  /** The .dist-info or .egg-info, a folder or a file, or the .egg-link. */
  readonly path: string
  /** An empty one when the file is missing. */
  readonly metadata: CoreMetadata
  /** The content of INSTALLER. */
  readonly installer: string | undefined
  /** Whether someone asked for this project, and not only another project. */
  readonly isRequested: boolean
  readonly directUrl: DirectUrl | undefined
  readonly isEditable: boolean
  /** Undefined when there is no RECORD. Throws `InvalidRecord`. */
  readonly record: readonly RecordEntry[] | undefined
}

/** Something that looks like an installed project and cannot be read. */
export interface BrokenProject {
  readonly path: string
  /** A sentence with the fault, and what to do. */
  readonly problem: string
}
