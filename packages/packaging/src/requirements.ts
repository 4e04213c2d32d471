/** Requirements: which project, with which extras, in which versions, where (PEP 508). */

import { quoted } from './grammar/quoted.ts'
import { type RequirementSyntax, readRequirement } from './grammar/requirement-syntax.ts'
import { Scanner, SyntaxProblem } from './grammar/scanner.ts'
import { Marker } from './markers.ts'
import { type NormalizedName, normalizeName } from './names.ts'
import { SpecifierSet } from './specifiers.ts'

/** The longest text read as a requirement. */
const longestRequirement = 32_768

/**
 * Thrown for text that is not a requirement. `position` counts characters from 0.
 *
 * @example
 * ```ts
 * parseRequirement('requests >= two') // throws InvalidRequirement
 * ```
 */
export class InvalidRequirement extends Error {
  override readonly name = 'InvalidRequirement'
  readonly input: string
  readonly position: number

  constructor(input: string, problem: string, position: number) {
    super(`Invalid requirement ${quoted(input)}: ${problem} (at position ${position})`)
    this.input = input
    this.position = position
  }
}

/**
 * A requirement. Made by `parseRequirement`.
 *
 * @example
 * ```ts
 * const requirement = parseRequirement('Requests[socks] >=2.8 ; python_version < "4"')
 * requirement.name // 'Requests'
 * requirement.normalizedName // 'requests'
 * requirement.extras // ['socks']
 * requirement.specifier.contains('2.31') // true
 * requirement.toString() // 'Requests[socks]>=2.8; python_version < "4"'
 * ```
 */
export class Requirement {
  /** The name as written. */
  readonly name: string
  /** The extras as written, each once. */
  readonly extras: readonly string[]
  /** The versions accepted; accepts all where there is a URL. */
  readonly specifier: SpecifierSet
  /** Where to get it, unchecked: anything without spaces. */
  readonly url: string | undefined
  readonly marker: Marker | undefined

  constructor(parts: Pick<Requirement, 'name' | 'extras' | 'specifier' | 'url' | 'marker'>) {
    this.name = parts.name
    this.extras = parts.extras
    this.specifier = parts.specifier
    this.url = parts.url
    this.marker = parts.marker
  }

  get normalizedName(): NormalizedName {
    return normalizeName(this.name)
  }

  toString(): string {
    const extras = this.extras.length > 0 ? `[${[...this.extras].sort().join(',')}]` : ''
    const url = this.url === undefined ? '' : ` @ ${this.url}${this.marker ? ' ' : ''}`
    const marker = this.marker ? `; ${this.marker}` : ''
    return `${this.name}${extras}${this.specifier}${url}${marker}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * Reads a requirement. Throws `InvalidRequirement`.
 *
 * Source: PEP 508, "Grammar"; the versions in parentheses of older metadata are read too.
 *
 * @example
 * ```ts
 * parseRequirement('pip @ https://example.com/pip-22.0.zip').url // 'https://example.com/pip-22.0.zip'
 * parseRequirement('botocore (<2,>=1.5)').specifier.toString() // '<2,>=1.5'
 * ```
 */
export function parseRequirement(text: string): Requirement {
  if (text.length > longestRequirement) {
    const problem = `use at most ${longestRequirement} characters`
    throw new InvalidRequirement(text, problem, longestRequirement)
  }
  try {
    return requirementOf(readRequirement(new Scanner(text)))
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    throw new InvalidRequirement(text, error.problem, error.position)
  }
}

/**
 * As `parseRequirement`, but `undefined` for text that is not a requirement.
 *
 * @example
 * ```ts
 * tryParseRequirement('requests >= two') // undefined
 * ```
 */
export function tryParseRequirement(text: string): Requirement | undefined {
  try {
    return parseRequirement(text)
  } catch (error) {
    if (error instanceof InvalidRequirement) return undefined
    throw error
  }
}

function requirementOf(syntax: RequirementSyntax): Requirement {
  return new Requirement({
    name: syntax.name,
    extras: [...new Set(syntax.extras)],
    specifier: new SpecifierSet(syntax.specifiers),
    url: syntax.url,
    marker: syntax.marker && new Marker(syntax.marker),
  })
}
