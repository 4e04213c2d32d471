/** One clause of a version specifier, such as `>=1.0` (PEP 440, "Version specifiers"). */

import { quoted } from './grammar/quoted.ts'
import { pythonSpace, stripSpace } from './grammar/whitespace.ts'
import { comparePublicParts, compareReleases } from './version-order.ts'
import { canonicalizeVersion, tryParseVersion, type Version } from './versions.ts'

/** The comparison operators of PEP 440. */
export type SpecifierOperator = '~=' | '==' | '!=' | '<=' | '>=' | '<' | '>' | '==='

/**
 * Thrown for text that is not a version specifier.
 *
 * @example
 * ```ts
 * parseSpecifierSet('>=1, <two') // throws InvalidSpecifier
 * ```
 */
export class InvalidSpecifier extends Error {
  override readonly name = 'InvalidSpecifier'
  readonly input: string
  readonly problem: string

  constructor(input: string, problem: string) {
    super(`Invalid specifier ${quoted(input)}: ${problem}`)
    this.input = input
    this.problem = problem
  }
}

/**
 * One clause: an operator and a version. Made by `parseSpecifier`; a whole requirement has a `SpecifierSet`.
 *
 * @example
 * ```ts
 * const specifier = parseSpecifier('~= 2.2')
 * specifier.operator // '~='
 * specifier.matches(parseVersion('2.9')) // true
 * specifier.matches(parseVersion('3.0')) // false
 * ```
 */
export class Specifier {
  readonly operator: SpecifierOperator
  /** The version as written, with `.*` if there is one; after `===` any text. */
  readonly version: string
  /** The version read, without `.*`; `undefined` after `===` when the text is not a version. */
  readonly parsed: Version | undefined
  readonly isWildcard: boolean
  /** Whether the clause names a pre-release and so lets pre-releases in. */
  readonly namesPrerelease: boolean
  #canonical: string | undefined

  constructor(operator: SpecifierOperator, version: string, parsed: Version | undefined) {
    this.operator = operator
    this.version = version
    this.parsed = parsed
    this.isWildcard = operator !== '===' && version.endsWith('.*')
    this.namesPrerelease = operator !== '!=' && !this.isWildcard && parsed?.isPrerelease === true
  }

  /** Whether the version satisfies this clause, with no regard to any policy on pre-releases. */
  matches(version: Version): boolean {
    if (this.operator === '===') return this.matchesText(version.toString())
    return satisfies(version, this.operator, this)
  }

  /** PEP 440: `===` compares text, without regard to case. */
  matchesText(text: string): boolean {
    return text.toLowerCase() === this.version.toLowerCase()
  }

  /** Whether both accept the same versions for the same reason: `==1.0` equals `==1.0.0`. */
  equals(other: Specifier): boolean {
    return this.canonical === other.canonical
  }

  /** One text for all equal clauses. */
  get canonical(): string {
    this.#canonical ??= this.operator + canonicalOperand(this)
    return this.#canonical
  }

  toString(): string {
    return this.operator + this.version
  }
}

/**
 * Reads one clause. Throws `InvalidSpecifier`.
 *
 * @example
 * ```ts
 * parseSpecifier(' == 1.4.* ').toString() // '==1.4.*'
 * ```
 */
export function parseSpecifier(text: string): Specifier {
  const specifier = readSpecifier(text)
  if (typeof specifier === 'string') throw new InvalidSpecifier(text, specifier)
  return specifier
}

/**
 * As `parseSpecifier`, but `undefined` for text that is not a clause.
 *
 * @example
 * ```ts
 * tryParseSpecifier('1.0') // undefined
 * ```
 */
export function tryParseSpecifier(text: string): Specifier | undefined {
  const specifier = readSpecifier(text)
  return typeof specifier === 'string' ? undefined : specifier
}

const operatorPattern = /^(?:===|~=|==|!=|<=|>=|<|>)/

/** The clause, or a sentence saying why the text is none. */
function readSpecifier(text: string): Specifier | string {
  const clause = stripSpace(text)
  const operator = operatorPattern.exec(clause)?.[0] as SpecifierOperator | undefined
  if (operator === undefined) return 'begin with one of ~=, ==, !=, <=, >=, <, > or ==='
  const version = stripSpace(clause.slice(operator.length))
  if (operator === '===') {
    if (notIdentity.test(version)) return 'after === use text without spaces, ";" and ")"'
    return new Specifier(operator, version, tryParseVersion(version))
  }
  const isWildcard = /[0-9]\.\*$/.test(version)
  const parsed = tryParseVersion(isWildcard ? version.slice(0, -2) : version)
  if (parsed === undefined) return 'a version as in PEP 440 must follow the operator'
  return operandProblem(operator, parsed, isWildcard) ?? new Specifier(operator, version, parsed)
}

const notIdentity = new RegExp(`[${pythonSpace};)]`)

/** PEP 440: which operators take which versions. */
function operandProblem(
  operator: SpecifierOperator,
  version: Version,
  isWildcard: boolean,
): string | undefined {
  const isEquality = operator === '==' || operator === '!='
  if (isWildcard && !isEquality) return '".*" goes with == and != only'
  if (
    isWildcard &&
    (version.isPrerelease || version.isPostrelease || version.local !== undefined)
  ) {
    return '".*" follows the numbers of the release only'
  }
  if (version.local !== undefined && !isEquality) return 'a local version goes with == and != only'
  if (operator === '~=' && version.release.length < 2)
    return '~= needs at least two numbers, as in ~=1.0'
  return undefined
}

function canonicalOperand({ operator, version, isWildcard, parsed }: Specifier): string {
  if (operator === '===' || isWildcard || parsed === undefined) return version
  // PEP 440: ~=1.0 and ~=1.0.0 differ, so there trailing zeros mean something.
  return canonicalizeVersion(parsed, { stripTrailingZeros: operator !== '~=' })
}

function satisfies(
  version: Version,
  operator: Exclude<SpecifierOperator, '==='>,
  specifier: Specifier,
): boolean {
  const wanted = specifier.parsed as Version
  switch (operator) {
    case '==':
      return specifier.isWildcard ? hasPrefix(version, wanted) : isSame(version, wanted)
    case '!=':
      return !(specifier.isWildcard ? hasPrefix(version, wanted) : isSame(version, wanted))
    case '>=':
      return comparePublicParts(version, wanted) >= 0
    case '<=':
      return comparePublicParts(version, wanted) <= 0
    case '>':
      return comparePublicParts(version, wanted) > 0 && !isPostreleaseOf(version, wanted)
    case '<':
      return comparePublicParts(version, wanted) < 0 && !isPrereleaseOf(version, wanted)
    case '~=':
      return (
        comparePublicParts(version, wanted) >= 0 &&
        hasPrefix(version, wanted.with({ release: wanted.release.slice(0, -1) }))
      )
  }
}

/** PEP 440, "Version matching": a local part counts only if the specifier has one. */
function isSame(version: Version, wanted: Version): boolean {
  return wanted.local === undefined
    ? comparePublicParts(version, wanted) === 0
    : version.equals(wanted)
}

/** PEP 440, "Version matching": prefix matching looks at epoch and release, padded with zeros. */
function hasPrefix(version: Version, prefix: Version): boolean {
  if (version.epoch !== prefix.epoch) return false
  return prefix.release.every((number, at) => (version.release[at] ?? 0) === number)
}

/** PEP 440: ">1.7" allows 1.7.1 but not 1.7.0.post1; ">1.7.post2" allows 1.7.post3. */
function isPostreleaseOf(version: Version, wanted: Version): boolean {
  if (wanted.isPostrelease || wanted.isDevrelease) return false
  return hasSameRelease(version, wanted) && samePre(version, wanted)
}

/** PEP 440: "<1.7" does not allow 1.7rc1, unless the version named is a pre-release itself. */
function isPrereleaseOf(version: Version, wanted: Version): boolean {
  if (wanted.isPrerelease || !hasSameRelease(version, wanted)) return false
  return wanted.post === undefined || (version.pre === undefined && version.post === wanted.post)
}

function hasSameRelease(a: Version, b: Version): boolean {
  return a.epoch === b.epoch && compareReleases(a.release, b.release) === 0
}

function samePre(a: Version, b: Version): boolean {
  return a.pre?.[0] === b.pre?.[0] && a.pre?.[1] === b.pre?.[1]
}
