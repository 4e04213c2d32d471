/** Versions of releases: reading, normalising and ordering them (PEP 440). */

import { quoted } from './grammar/quoted.ts'
import { compareParts } from './version-order.ts'
import { encodeSortKey } from './version-sort-key.ts'
import { longestVersion, readVersion } from './version-syntax.ts'

/** A number inside a version: a `bigint` exactly when it is above `Number.MAX_SAFE_INTEGER`. */
export type VersionNumber = number | bigint

/** The kinds of pre-release, in order. */
export type PreReleaseLabel = 'a' | 'b' | 'rc'

/** What a version is made of. Numbers are whole and not negative; `local` is in normalised form. */
export interface VersionParts {
  readonly epoch: VersionNumber
  readonly release: readonly VersionNumber[]
  readonly pre?: readonly [PreReleaseLabel, VersionNumber] | undefined
  readonly post?: VersionNumber | undefined
  readonly dev?: VersionNumber | undefined
  readonly local?: string | undefined
}

/**
 * Thrown for text that is not a version.
 *
 * @example
 * ```ts
 * parseVersion('1..2') // throws InvalidVersion
 * ```
 */
export class InvalidVersion extends Error {
  override readonly name = 'InvalidVersion'
  readonly input: string

  constructor(input: string) {
    const wish =
      input.length > longestVersion
        ? `use at most ${longestVersion} characters`
        : 'use the form of PEP 440, such as "1.0", "2.1rc1" or "1.0.post2"'
    super(`Invalid version ${quoted(input)}: ${wish}`)
    this.input = input
  }
}

/**
 * One version. Immutable; made by `parseVersion`. Trailing zeros of the release are kept for `toString`, and
 * mean nothing to `compare` and `equals`.
 *
 * @example
 * ```ts
 * const version = parseVersion('1!2.0-RC.1+Local_7')
 * version.release // [2, 0]
 * version.pre // ['rc', 1]
 * version.isPrerelease // true
 * version.toString() // '1!2.0rc1+local.7'
 * ```
 */
export class Version implements VersionParts {
  readonly epoch: VersionNumber
  readonly release: readonly VersionNumber[]
  readonly pre: readonly [PreReleaseLabel, VersionNumber] | undefined
  readonly post: VersionNumber | undefined
  readonly dev: VersionNumber | undefined
  readonly local: string | undefined
  #text: string | undefined
  #sortKey: string | undefined

  constructor(parts: VersionParts) {
    this.epoch = parts.epoch
    this.release = parts.release
    this.pre = parts.pre
    this.post = parts.post
    this.dev = parts.dev
    this.local = parts.local
  }

  /** A copy with some parts replaced; `undefined` removes an optional part. */
  with(parts: Partial<VersionParts>): Version {
    return new Version({ ...this, ...parts })
  }

  get isPrerelease(): boolean {
    return this.pre !== undefined || this.dev !== undefined
  }

  get isPostrelease(): boolean {
    return this.post !== undefined
  }

  get isDevrelease(): boolean {
    return this.dev !== undefined
  }

  get major(): VersionNumber {
    return this.release[0] ?? 0
  }

  get minor(): VersionNumber {
    return this.release[1] ?? 0
  }

  get micro(): VersionNumber {
    return this.release[2] ?? 0
  }

  /** The text without the local part. */
  get public(): string {
    return this.toString().split('+', 1)[0] as string
  }

  /** The text of epoch and release alone. */
  get baseVersion(): string {
    return formatEpoch(this.epoch) + this.release.join('.')
  }

  /** A text whose byte order is the order of versions; see `versionSortKey`. */
  get sortKey(): string {
    this.#sortKey ??= encodeSortKey(this)
    return this.#sortKey
  }

  /** Below zero, zero or above zero as this version comes before, with or after the other. */
  compare(other: Version): number {
    return compareParts(this, other)
  }

  equals(other: Version): boolean {
    return compareParts(this, other) === 0
  }

  /** The normalised form. Source: PEP 440, "Normalization". */
  toString(): string {
    this.#text ??= formatVersion(this)
    return this.#text
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * Reads a version, in normalised form or not. Throws `InvalidVersion`.
 *
 * Source: PEP 440, "Public version identifiers", "Local version identifiers" and "Normalization".
 *
 * @example
 * ```ts
 * parseVersion('v1.0-alpha').toString() // '1.0a0'
 * parseVersion('1.0-1').post // 1
 * ```
 */
export function parseVersion(text: string): Version {
  const version = tryParseVersion(text)
  if (version === undefined) throw new InvalidVersion(text)
  return version
}

/**
 * As `parseVersion`, but `undefined` for text that is not a version.
 *
 * @example
 * ```ts
 * tryParseVersion('latest') // undefined
 * ```
 */
export function tryParseVersion(text: string): Version | undefined {
  const parts = readVersion(text)
  return parts && new Version(parts)
}

/**
 * Whether the text is a version, normalised or not.
 *
 * @example
 * ```ts
 * isVersion('1.0.dev3') // true
 * isVersion('1.0-SNAPSHOT') // false
 * ```
 */
export function isVersion(text: string): boolean {
  return tryParseVersion(text) !== undefined
}

/**
 * Orders versions, for `Array.prototype.sort`. Source: PEP 440, "Summary of permitted suffixes and relative ordering".
 *
 * @example
 * ```ts
 * ['1.0', '1.0rc1', '1.0.post1', '1.0.dev1'].map(parseVersion).sort(compareVersions).join(' ') // '1.0.dev1 1.0rc1 1.0 1.0.post1'
 * ```
 */
export function compareVersions(a: Version, b: Version): number {
  return compareParts(a, b)
}

/**
 * A text whose plain byte order (SQLite `BINARY`, PostgreSQL `COLLATE "C"`) is exactly the order of versions; equal
 * versions have equal texts. Printable ASCII, about as long as the version itself.
 *
 * @example
 * ```ts
 * versionSortKey(parseVersion('1.9')) < versionSortKey(parseVersion('1.10')) // true
 * versionSortKey(parseVersion('1.0')) === versionSortKey(parseVersion('1')) // true
 * ```
 */
export function versionSortKey(version: Version): string {
  return version.sortKey
}

/**
 * One text for all spellings of a version; by default 1.0 and 1.0.0 are one. Text that is not a version comes back as it
 * is, so the result can be compared in any case.
 *
 * Source: PEP 625 and the simple index's rules for comparing versions of filenames.
 *
 * @example
 * ```ts
 * canonicalizeVersion('1.0.0-RC1') // '1rc1'
 * canonicalizeVersion('1.0.0', { stripTrailingZeros: false }) // '1.0.0'
 * canonicalizeVersion('latest') // 'latest'
 * ```
 */
export function canonicalizeVersion(
  version: Version | string,
  options: { readonly stripTrailingZeros?: boolean } = {},
): string {
  const parsed = typeof version === 'string' ? tryParseVersion(version) : version
  if (parsed === undefined) return version as string
  return options.stripTrailingZeros === false ? parsed.toString() : formatVersion(trimmed(parsed))
}

function trimmed(version: Version): Version {
  let length = version.release.length
  while (length > 1 && version.release[length - 1] === 0) length--
  return version.with({ release: version.release.slice(0, length) })
}

function formatEpoch(epoch: VersionNumber): string {
  return epoch === 0 ? '' : `${epoch}!`
}

function formatVersion(version: Version): string {
  let text = version.baseVersion
  if (version.pre !== undefined) text += version.pre.join('')
  if (version.post !== undefined) text += `.post${version.post}`
  if (version.dev !== undefined) text += `.dev${version.dev}`
  if (version.local !== undefined) text += `+${version.local}`
  return text
}
