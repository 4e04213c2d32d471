/** Lock files as values: pylock.toml (PEP 751). */

import type { Marker } from '../markers.ts'
import type { NormalizedName } from '../names.ts'
import type { SpecifierSet } from '../specifiers.ts'
import type { Table } from '../table-reader.ts'
import type { Version } from '../versions.ts'

export interface Pylock {
  readonly lockVersion: Version
  /** The environments it is for; at least one must hold. */
  readonly environments?: readonly Marker[]
  readonly requiresPython?: SpecifierSet
  readonly extras?: readonly NormalizedName[]
  readonly dependencyGroups?: readonly string[]
  /** The groups installed when none is asked for. */
  readonly defaultGroups?: readonly string[]
  readonly createdBy: string
  readonly packages: readonly LockedPackage[]
  readonly tool?: Table
}

/** Comes from `vcs`, `directory` or `archive`, or else from `wheels` and `sdist`. */
export interface LockedPackage {
  readonly name: NormalizedName
  readonly version?: Version
  readonly marker?: Marker
  readonly requiresPython?: SpecifierSet
  /** For people and tools to look at; installers do not follow them. */
  readonly dependencies?: readonly Table[]
  readonly vcs?: LockedVcs
  readonly directory?: LockedDirectory
  readonly archive?: LockedArchive
  /** The base URL of the index it was found on. */
  readonly index?: string
  readonly sdist?: LockedFile
  readonly wheels?: readonly LockedFile[]
  readonly attestationIdentities?: readonly Table[]
  readonly tool?: Table
}

export interface LockedVcs {
  readonly type: string
  readonly url?: string
  readonly path?: string
  readonly requestedRevision?: string
  readonly commitId: string
  readonly subdirectory?: string
}

export interface LockedDirectory {
  readonly path: string
  readonly editable?: boolean
  readonly subdirectory?: string
}

export interface LockedArchive {
  readonly url?: string
  readonly path?: string
  /** Bytes. */
  readonly size?: number
  readonly uploadTime?: Date
  /** By algorithm, in hexadecimal; at least one. */
  readonly hashes: Readonly<Record<string, string>>
  readonly subdirectory?: string
}

/** An sdist or a wheel. */
export interface LockedFile {
  /** Only needed where neither the path nor the URL ends in it. */
  readonly name?: string
  readonly uploadTime?: Date
  readonly url?: string
  readonly path?: string
  /** Bytes. */
  readonly size?: number
  /** By algorithm, in hexadecimal; at least one. */
  readonly hashes: Readonly<Record<string, string>>
}

/**
 * A lock file that breaks the standard; `path` leads to the place, such as `packages[3].wheels[0].hashes`.
 *
 * @example
 * ```ts
 * parsePylock('lock-version = "2.0"') // throws InvalidPylock
 * ```
 */
export class InvalidPylock extends Error {
  override readonly name = 'InvalidPylock'
  readonly code: 'malformed' | 'unsupported-version'
  readonly path: string

  constructor(path: string, what: string, code: InvalidPylock['code'] = 'malformed') {
    super(`The lock file is not valid: ${path === '' ? 'it' : path} ${what}.`)
    this.path = path
    this.code = code
  }
}

/**
 * The filename of a locked wheel or sdist: its name, or else the end of its path or URL.
 *
 * @example
 * ```ts
 * lockedFilename({ url: 'https://example.org/demo-1.0.tar.gz?x=1', hashes: { sha256: 'ab' } }) // 'demo-1.0.tar.gz'
 * ```
 */
export function lockedFilename(file: LockedFile): string {
  if (file.name) return file.name
  if (file.path) {
    // A path may be a Windows one, unless it is written portably.
    const separator = file.path.includes('/') ? '/' : '\\'
    return file.path.slice(file.path.lastIndexOf(separator) + 1)
  }
  const path = (file.url ?? '').split(/[?#]/, 1)[0]!
  const last = path.slice(path.lastIndexOf('/') + 1)
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}

/**
 * Whether a file of this name is a lock file.
 *
 * @example
 * ```ts
 * isPylockFilename('pylock.dev.toml') // true
 * isPylockFilename('pylock.a.b.toml') // false
 * ```
 */
export function isPylockFilename(name: string): boolean {
  return name === 'pylock.toml' || /^pylock\.[^.]+\.toml$/.test(name)
}
