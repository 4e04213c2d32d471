/** The filenames of wheels and sdists (PEP 427, 491, 625): what they say, and how they are made. */

import { quoted } from './grammar/quoted.ts'
import { isValidName, type NormalizedName, normalizeName } from './names.ts'
import { InvalidTag, parseTag, type Tag } from './tags.ts'
import { tryParseVersion, type Version } from './versions.ts'

export interface WheelFilename {
  readonly name: NormalizedName
  /** The name as the filename spells it. */
  readonly rawName: string
  readonly version: Version
  /** The version as the filename spells it. */
  readonly rawVersion: string
  /** The leading number and the rest of a build tag: `1abc` is `[1, 'abc']`. */
  readonly build?: readonly [number: number, rest: string]
  /** Every tag the wheel is for, compressed sets expanded. */
  readonly tags: readonly Tag[]
  readonly pythonTag: string
  readonly abiTag: string
  readonly platformTag: string
}

export interface SdistFilename {
  readonly name: NormalizedName
  readonly rawName: string
  readonly version: Version
  readonly rawVersion: string
  readonly extension: '.tar.gz' | '.zip'
}

/**
 * A filename that is not one of a wheel.
 *
 * @example
 * ```ts
 * parseWheelFilename('demo.whl') // throws InvalidWheelFilename
 * ```
 */
export class InvalidWheelFilename extends Error {
  override readonly name = 'InvalidWheelFilename'
}

/**
 * A filename that is not one of an sdist.
 *
 * @example
 * ```ts
 * parseSdistFilename('demo.tar.gz') // throws InvalidSdistFilename
 * ```
 */
export class InvalidSdistFilename extends Error {
  override readonly name = 'InvalidSdistFilename'
}

/** PEP 440 allows for space around a version, and a line end is one; in the name of a file it is a trick. */
const notPrintable = /[\p{Cc}\p{Zl}\p{Zp}]/u
/** Longer than any file system takes. */
const longestFilename = 1024

/**
 * Reads the filename of a wheel. Throws `InvalidWheelFilename`.
 *
 * @example
 * ```ts
 * const wheel = parseWheelFilename('Flask_Login-0.6.3-1-py2.py3-none-any.whl')
 * wheel.name // 'flask-login'
 * wheel.version.toString() // '0.6.3'
 * wheel.build // [1, '']
 * wheel.tags.length // 2
 * ```
 */
export function parseWheelFilename(filename: string): WheelFilename {
  const fail = (what: string) =>
    new InvalidWheelFilename(`${quoted(filename)} is not a wheel's filename: ${what}.`)
  if (!filename.endsWith('.whl')) throw fail('it does not end in ".whl"')
  if (filename.length > longestFilename)
    throw fail(`it is longer than ${longestFilename} characters`)
  if (notPrintable.test(filename)) throw fail('it has a control character')
  const parts = filename.slice(0, -'.whl'.length).split('-')
  if (parts.length !== 5 && parts.length !== 6) {
    throw fail('it must have five or six parts, name-version[-build]-python-abi-platform')
  }
  const [rawName, rawVersion] = parts as [string, string]
  const [pythonTag, abiTag, platformTag] = parts.slice(-3) as [string, string, string]
  // PEP 427: runs of other characters become one underscore.
  if (rawName.includes('__') || !isValidName(rawName))
    throw fail(`the name ${quoted(rawName)} is not valid`)
  const version = tryParseVersion(rawVersion)
  if (version === undefined) throw fail(`the version ${quoted(rawVersion)} is not valid`)
  const build = parts.length === 6 ? parseBuildTag(parts[2]!) : undefined
  if (parts.length === 6 && build === undefined) {
    throw fail(`the build tag ${quoted(parts[2]!)} does not start with a number`)
  }
  return {
    name: normalizeName(rawName),
    rawName,
    version,
    rawVersion,
    ...(build && { build }),
    tags: parseTags(parts.slice(-3).join('-'), fail),
    pythonTag,
    abiTag,
    platformTag,
  }
}

/**
 * Reads the filename of a wheel, or returns undefined when it is none.
 *
 * @example
 * ```ts
 * tryParseWheelFilename('demo.txt') // undefined
 * ```
 */
export function tryParseWheelFilename(filename: string): WheelFilename | undefined {
  try {
    return parseWheelFilename(filename)
  } catch (error) {
    if (error instanceof InvalidWheelFilename) return undefined
    throw error
  }
}

/**
 * Reads the filename of an sdist: `.tar.gz`, or `.zip` as older ones are. The version starts at the last dash.
 * Throws `InvalidSdistFilename`.
 *
 * @example
 * ```ts
 * const sdist = parseSdistFilename('python-dateutil-2.9.0.tar.gz')
 * sdist.name // 'python-dateutil'
 * sdist.version.toString() // '2.9.0'
 * ```
 */
export function parseSdistFilename(filename: string): SdistFilename {
  const fail = (what: string) =>
    new InvalidSdistFilename(`${quoted(filename)} is not an sdist's filename: ${what}.`)
  const extension = (['.tar.gz', '.zip'] as const).find((end) => filename.endsWith(end))
  if (extension === undefined) throw fail('it ends neither in ".tar.gz" nor in ".zip"')
  if (filename.length > longestFilename)
    throw fail(`it is longer than ${longestFilename} characters`)
  if (notPrintable.test(filename)) throw fail('it has a control character')
  const stem = filename.slice(0, -extension.length)
  const dash = stem.lastIndexOf('-')
  if (dash < 0) throw fail('it has no dash between name and version')
  const rawName = stem.slice(0, dash)
  const rawVersion = stem.slice(dash + 1)
  if (!isValidName(rawName)) throw fail(`the name ${quoted(rawName)} is not valid`)
  const version = tryParseVersion(rawVersion)
  if (version === undefined) throw fail(`the version ${quoted(rawVersion)} is not valid`)
  return { name: normalizeName(rawName), rawName, version, rawVersion, extension }
}

/**
 * Reads the filename of an sdist, or returns undefined when it is none.
 *
 * @example
 * ```ts
 * tryParseSdistFilename('demo-1.0.tar.gz')?.name // 'demo'
 * tryParseSdistFilename('demo.tar.gz') // undefined
 * ```
 */
export function tryParseSdistFilename(filename: string): SdistFilename | undefined {
  try {
    return parseSdistFilename(filename)
  } catch (error) {
    if (error instanceof InvalidSdistFilename) return undefined
    throw error
  }
}

/**
 * The filename a build tool gives a wheel today: name normalised, with underscores.
 *
 * @example
 * ```ts
 * wheelFilename({ name: 'Flask.Login', version: parseVersion('1.0'), tag: 'py3-none-any' }) // 'flask_login-1.0-py3-none-any.whl'
 * ```
 */
export function wheelFilename(parts: {
  name: string
  version: Version
  build?: string
  tag: string
}): string {
  const build = parts.build === undefined ? '' : `-${parts.build}`
  return `${escapeName(parts.name)}-${parts.version}${build}-${parts.tag}.whl`
}

/**
 * The only filename an sdist may have since PEP 625.
 *
 * @example
 * ```ts
 * sdistFilename('Flask.Login', parseVersion('1.0')) // 'flask_login-1.0.tar.gz'
 * ```
 */
export function sdistFilename(name: string, version: Version): string {
  return `${escapeName(name)}-${version}.tar.gz`
}

/** PEP 491, PEP 625: a dash separates the parts, so names in filenames have underscores. */
function escapeName(name: string): string {
  return normalizeName(name).replaceAll('-', '_')
}

function parseBuildTag(text: string): readonly [number, string] | undefined {
  const match = /^(\d{1,15})([\w.]*)$/.exec(text)
  return match === null || /^\d/.test(match[2]!) ? undefined : [Number(match[1]), match[2]!]
}

/** A project has the same few on all its wheels. */
const knownTags = new Map<string, readonly Tag[]>()
const mostKnown = 500
/** Those of real wheels; one that stands for thousands is not kept. */
const mostShared = 100

function parseTags(text: string, fail: (what: string) => Error): readonly Tag[] {
  const known = knownTags.get(text)
  if (known !== undefined) return known
  try {
    const tags = Object.freeze(parseTag(text))
    if (knownTags.size >= mostKnown) knownTags.clear()
    if (tags.length <= mostShared) knownTags.set(text, tags)
    return tags
  } catch (error) {
    if (error instanceof InvalidTag) throw fail(`the tag ${quoted(text)} is not valid`)
    throw error
  }
}
