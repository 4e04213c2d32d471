/** What an index allows to be uploaded; every field is a setting of the server. */
import { type ArchiveLimits, defaultLimits } from '@cheeseshop/archive'

export interface UploadRules {
  /** Nothing may change: no upload, no yank, no deletion. */
  readOnly: boolean
  /** No uploads for now; everything else works. */
  uploadsOff: boolean
  /** Uploads only into projects that exist. */
  newProjectsOff: boolean
  /** By one user who is no administrator. */
  newProjectsPerHour: number
  /** Bytes of one file. */
  maximumFileSize: number
  /** Bytes of all files of one project. */
  maximumProjectSize: number
  /** Names no new project may take, in any spelling; `acme-*` reserves everything that starts so. */
  reservedNames: readonly string[]
  /** Names free of the reserved, standard library and look-alike rules, in any spelling. */
  permittedNames: readonly string[]
  /** Accept `1.0+local` versions, which the public index refuses. */
  localVersions: boolean
  /** Accept filenames from before PEP 625 and PEP 427 were enforced: `.zip` sdists, `Flask_Login-...`, `my-name-1.0.tar.gz`. */
  legacyFilenames: boolean
  /** Days after which a release takes no more files; undefined for never. */
  releaseClosesAfterDays: number | undefined
  /** Wheels get a twin that is quicker to unpack, which takes about three quarters of their room once more. */
  wheelTwins: boolean
  /** What an archive may unpack to. */
  archive: ArchiveLimits
}

const MiB = 1024 * 1024

export const defaultUploadRules: UploadRules = {
  readOnly: false,
  uploadsOff: false,
  newProjectsOff: false,
  newProjectsPerHour: 100,
  maximumFileSize: 1024 * MiB,
  maximumProjectSize: 100 * 1024 * MiB,
  reservedNames: [],
  permittedNames: [
    // Known projects that share their name with a module: backports, and Zope's DateTime.
    'configparser',
    'contextvars',
    'dataclasses',
    'datetime',
    'importlib-metadata',
    'importlib-resources',
    'typing',
  ],
  localVersions: false,
  legacyFilenames: false,
  releaseClosesAfterDays: undefined,
  wheelTwins: true,
  archive: defaultLimits,
}
