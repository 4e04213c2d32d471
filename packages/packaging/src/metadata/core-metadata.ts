/** Core metadata as a value: the fields of METADATA and PKG-INFO, versions 1.0 to 2.6. */

/**
 * What a metadata file says, field by field, as text: nothing is normalised or checked.
 * A text field that is absent is undefined, a list that is absent is empty; the three required fields are then ''.
 */
export interface CoreMetadata {
  readonly metadataVersion: string
  readonly name: string
  readonly version: string
  /** Names of fields that may differ in wheels (PEP 643), as written. */
  readonly dynamic: readonly string[]
  readonly platforms: readonly string[]
  readonly supportedPlatforms: readonly string[]
  readonly summary?: string
  readonly description?: string
  readonly descriptionContentType?: string
  readonly keywords: readonly string[]
  readonly homePage?: string
  readonly downloadUrl?: string
  readonly author?: string
  readonly authorEmail?: string
  readonly maintainer?: string
  readonly maintainerEmail?: string
  readonly license?: string
  readonly licenseExpression?: string
  readonly licenseFiles: readonly string[]
  readonly classifiers: readonly string[]
  readonly requiresDist: readonly string[]
  readonly requiresPython?: string
  readonly requiresExternal: readonly string[]
  readonly projectUrls: readonly ProjectUrl[]
  readonly providesExtra: readonly string[]
  readonly providesDist: readonly string[]
  readonly obsoletesDist: readonly string[]
  /** Undefined when not declared; empty when declared to be none (PEP 794). */
  readonly importNames?: readonly string[]
  readonly importNamespaces: readonly string[]
  readonly requires: readonly string[]
  readonly provides: readonly string[]
  readonly obsoletes: readonly string[]
}

export interface ProjectUrl {
  readonly label: string
  readonly url: string
}

/** One thing wrong with metadata, told to the person who can mend it. */
export interface MetadataProblem {
  /** The field as files spell it: `Requires-Dist`. */
  readonly field: string
  /** What it said, cut when long; absent when the field is missing. */
  readonly value?: string
  /** What is wrong and what to do, as sentences. */
  readonly message: string
}

/**
 * The newest version of the format that is understood in full.
 *
 * @example
 * ```ts
 * newestMetadataVersion // '2.6'
 * ```
 */
export const newestMetadataVersion = '2.6'

/**
 * Every version there was. 2.0 was drafted (PEP 426) and withdrawn.
 *
 * @example
 * ```ts
 * metadataVersions.includes('2.0') // false
 * ```
 */
export const metadataVersions: readonly string[] = [
  '1.0',
  '1.1',
  '1.2',
  '2.1',
  '2.2',
  '2.3',
  '2.4',
  '2.5',
  '2.6',
]

/**
 * Orders two metadata versions; undefined when one is not `major.minor`.
 *
 * @example
 * ```ts
 * compareMetadataVersions('2.1', '2.10') // -1
 * ```
 */
export function compareMetadataVersions(a: string, b: string): number | undefined {
  const left = /^(\d{1,4})\.(\d{1,4})$/.exec(a)
  const right = /^(\d{1,4})\.(\d{1,4})$/.exec(b)
  if (left === null || right === null) return undefined
  return Math.sign(Number(left[1]) - Number(right[1]) || Number(left[2]) - Number(right[2]))
}
