/** Licence expressions (PEP 639): SPDX identifiers joined by AND, OR and WITH. */

import { quoted } from './grammar/quoted.ts'
import { splitWords } from './grammar/whitespace.ts'
import { exceptionIds, licenseIds } from './spdx-ids.generated.ts'

/** The longest text read as a licence expression. */
const longestLicenseExpression = 32_768

/**
 * Thrown for text that is not a licence expression.
 *
 * @example
 * ```ts
 * canonicalizeLicenseExpression('MIT AND') // throws InvalidLicenseExpression
 * ```
 */
export class InvalidLicenseExpression extends Error {
  override readonly name = 'InvalidLicenseExpression'
  readonly input: string

  constructor(input: string, problem: string) {
    super(`Invalid license expression ${quoted(input)}: ${problem}`)
    this.input = input
  }
}

/**
 * The normalised form of a licence expression: identifiers as SPDX spells them, operators in capitals. Throws
 * `InvalidLicenseExpression`, also for identifiers that SPDX does not list and that do not begin with `LicenseRef-`.
 *
 * Source: PEP 639, "License-Expression", and the SPDX specification, annex "SPDX license expressions".
 *
 * @example
 * ```ts
 * canonicalizeLicenseExpression('mit and (apache-2.0 or bsd-2-clause)') // 'MIT AND (Apache-2.0 OR BSD-2-Clause)'
 * canonicalizeLicenseExpression('gpl-2.0-only with classpath-exception-2.0') // 'GPL-2.0-only WITH Classpath-exception-2.0'
 * ```
 */
export function canonicalizeLicenseExpression(text: string): string {
  const problem = (sentence: string) => new InvalidLicenseExpression(text, sentence)
  if (text.length > longestLicenseExpression) {
    throw problem(`use at most ${longestLicenseExpression} characters`)
  }
  const words = splitWords(text.replace(/[()]/g, ' $& '))
  const references = collectReferences(words)
  const written: string[] = []
  let depth = 0
  let last: Kind = 'start'
  for (const word of words) {
    const kind = kindOf(word, last)
    if (!followers[last].includes(kind)) throw problem(misplaced(word, last))
    depth += kind === 'open' ? 1 : kind === 'close' ? -1 : 0
    if (depth < 0) throw problem('a ")" closes nothing')
    if (depth > deepestNesting) throw problem(`more than ${deepestNesting} parentheses are open`)
    const spelled = spell(word, kind, references)
    if (spelled === undefined) throw problem(unknown(word, kind))
    written.push(spelled)
    last = kind
  }
  if (depth > 0) throw problem('a "(" is not closed')
  if (!followers[last].includes('end')) throw problem(misplaced('', last))
  return written.join(' ').replaceAll('( ', '(').replaceAll(' )', ')')
}

/**
 * As `canonicalizeLicenseExpression`, but `undefined` for text that is not a licence expression.
 *
 * @example
 * ```ts
 * tryCanonicalizeLicenseExpression('BSD') // undefined
 * ```
 */
export function tryCanonicalizeLicenseExpression(text: string): string | undefined {
  try {
    return canonicalizeLicenseExpression(text)
  } catch (error) {
    if (error instanceof InvalidLicenseExpression) return undefined
    throw error
  }
}

type Kind = 'start' | 'license' | 'exception' | 'with' | 'operator' | 'open' | 'close' | 'end'

/** What may follow what: the grammar, but for the balance of parentheses. */
const followers: Readonly<Record<Kind, readonly Kind[]>> = {
  start: ['license', 'open'],
  license: ['with', 'operator', 'close', 'end'],
  exception: ['operator', 'close', 'end'],
  with: ['exception'],
  operator: ['license', 'open'],
  open: ['license', 'open'],
  close: ['operator', 'close', 'end'],
  end: [],
}

/** The reference library lets Python's parser check the nesting, which goes this deep. */
const deepestNesting = 200

const licenses = new Map(licenseIds.map((id) => [id.toLowerCase(), id]))
const exceptions = new Map(exceptionIds.map((id) => [id.toLowerCase(), id]))

const referencePrefix = 'LicenseRef-'

function kindOf(word: string, last: Kind): Kind {
  switch (word.toLowerCase()) {
    case '(':
      return 'open'
    case ')':
      return 'close'
    case 'and':
    case 'or':
      return 'operator'
    case 'with':
      return 'with'
    default:
      return last === 'with' ? 'exception' : 'license'
  }
}

function spell(
  word: string,
  kind: Kind,
  references: ReadonlyMap<string, string>,
): string | undefined {
  if (kind === 'exception') return exceptions.get(word.toLowerCase())
  if (kind !== 'license') return word.toUpperCase()
  const id = word.toLowerCase()
  if (id.startsWith(referencePrefix.toLowerCase())) return references.get(id)
  // SPDX: a "+" after an identifier means this version or any later one.
  if (!id.endsWith('+')) return licenses.get(id)
  return licenses.get(id.slice(0, -1))?.concat('+')
}

/** The reference library spells all that differ in case alone as the last one is spelled; so must we. */
function collectReferences(words: readonly string[]): Map<string, string> {
  const references = new Map<string, string>()
  for (const word of words) {
    if (!/^LicenseRef-[A-Za-z0-9.-]+$/i.test(word)) continue
    references.set(word.toLowerCase(), referencePrefix + word.slice(referencePrefix.length))
  }
  return references
}

function misplaced(word: string, last: Kind): string {
  const expected = followers[last].filter((kind) => kind !== 'end').map((kind) => kindNames[kind])
  return `expected ${expected.join(' or ')}, not ${word === '' ? 'the end' : quoted(word)}`
}

const kindNames: Readonly<Record<Kind, string>> = {
  start: 'the start',
  license: 'a license',
  exception: 'an exception',
  with: 'WITH',
  operator: 'AND or OR',
  open: '"("',
  close: '")"',
  end: 'the end',
}

function unknown(word: string, kind: Kind): string {
  if (kind === 'exception') return `SPDX lists no exception ${quoted(word)}`
  if (!word.toLowerCase().startsWith(referencePrefix.toLowerCase())) {
    return `SPDX lists no license ${quoted(word)}; for one of your own write ${referencePrefix}NAME`
  }
  return `after ${referencePrefix} use letters, digits, "." and "-", not ${quoted(word)}`
}
