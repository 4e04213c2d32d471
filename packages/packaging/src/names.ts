/** Names of projects and extras: which are valid, and when two are the same (PEP 503, 508, 685). */

import { quoted } from './grammar/quoted.ts'

/** A project or extra name in the form two names are compared in: lower case, runs of `-_.` made one `-`. */
export type NormalizedName = string & { readonly [normalized]: true }

declare const normalized: unique symbol

/**
 * Thrown for text that is not a valid project or extra name.
 *
 * @example
 * ```ts
 * parseName('foo bar') // throws InvalidName
 * ```
 */
export class InvalidName extends Error {
  override readonly name = 'InvalidName'
  readonly input: string

  constructor(input: string) {
    super(
      `Invalid name ${quoted(input)}: use ASCII letters, digits, ".", "_" and "-", and begin and end with a letter or digit`,
    )
    this.input = input
  }
}

/**
 * The normalised form of a name. The name is not checked: `parseName` does both.
 *
 * Source: PEP 503, "Normalized Names".
 *
 * @example
 * ```ts
 * normalizeName('Foo_Bar') // 'foo-bar'
 * normalizeName('oslo.._concurrency') // 'oslo-concurrency'
 * ```
 */
export function normalizeName(name: string): NormalizedName {
  return name.toLowerCase().replace(separators, '-') as NormalizedName
}

/**
 * Checks and normalises a name.
 *
 * Source: PEP 508, "Names", and PEP 503. Throws `InvalidName`.
 *
 * @example
 * ```ts
 * parseName('Flask.Login') // 'flask-login'
 * ```
 */
export function parseName(name: string): NormalizedName {
  if (!isValidName(name)) throw new InvalidName(name)
  return normalizeName(name)
}

/**
 * As `parseName`, but `undefined` for a name that is not valid.
 *
 * @example
 * ```ts
 * tryParseName('-flask') // undefined
 * ```
 */
export function tryParseName(name: string): NormalizedName | undefined {
  return isValidName(name) ? normalizeName(name) : undefined
}

/**
 * Whether the text is a valid project name, normalised or not. Source: PEP 508, "Names".
 *
 * @example
 * ```ts
 * isValidName('zope.interface') // true
 * isValidName('zope interface') // false
 * ```
 */
export function isValidName(name: string): boolean {
  return validName.test(name)
}

/**
 * Whether the text is a valid and normalised project name.
 *
 * @example
 * ```ts
 * isNormalizedName('foo-bar') // true
 * isNormalizedName('foo_bar') // false
 * ```
 */
export function isNormalizedName(name: string): name is NormalizedName {
  return isValidName(name) && normalizeName(name) === name
}

/**
 * Whether the text is a valid name for an extra. Source: PEP 685, which gives extras the rules of names.
 *
 * @example
 * ```ts
 * isValidExtra('test_all') // true
 * isValidExtra('test all') // false
 * ```
 */
export function isValidExtra(extra: string): boolean {
  return isValidName(extra)
}

const separators = /[-_.]+/g
const validName = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/
