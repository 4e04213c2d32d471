/** The grammar of requirements (PEP 508, "Grammar"). */

import { InvalidSpecifier, parseSpecifier, type Specifier } from '../specifier.ts'
import { type MarkerNode, readMarker } from './marker-syntax.ts'
import type { Scanner } from './scanner.ts'
import { pythonSpace } from './whitespace.ts'

export interface RequirementSyntax {
  readonly name: string
  readonly extras: readonly string[]
  readonly specifiers: readonly Specifier[]
  readonly url: string | undefined
  readonly marker: MarkerNode | undefined
}

const identifier = /[A-Za-z0-9][A-Za-z0-9._-]*\b/y

/** Reads a requirement that takes the whole text. Throws `SyntaxProblem`. */
export function readRequirement(scanner: Scanner): RequirementSyntax {
  scanner.skipSpace()
  const name = scanner.expect(identifier, 'the name of a project')
  scanner.skipSpace()
  const extras = scanner.text[scanner.position] === '[' ? readExtras(scanner) : []
  scanner.skipSpace()
  if (scanner.take(/@/y)) return { name, extras, specifiers: [], ...readUrl(scanner) }
  const specifiers = readSpecifiers(scanner)
  scanner.skipSpace()
  if (scanner.isAtEnd) return { name, extras, specifiers, url: undefined, marker: undefined }
  const expected =
    specifiers.length > 0
      ? '"," and another version specifier, ";" and a marker'
      : '"@" and a URL, a version specifier, ";" and a marker'
  return { name, extras, specifiers, url: undefined, marker: readMarkerPart(scanner, expected) }
}

function readExtras(scanner: Scanner): string[] {
  return scanner.enclosed('[]', () => {
    const extras: string[] = []
    const first = scanner.take(identifier)
    if (first === undefined) return extras
    extras.push(first)
    for (scanner.skipSpace(); scanner.take(/,[ \t]*/y); scanner.skipSpace()) {
      extras.push(scanner.expect(identifier, 'the name of an extra after ","'))
    }
    return extras
  })
}

function readUrl(scanner: Scanner): Pick<RequirementSyntax, 'url' | 'marker'> {
  scanner.skipSpace()
  const url = scanner.expect(/[^ \t]+/y, 'a URL after "@"')
  scanner.skipSpace()
  const marker = scanner.isAtEnd
    ? undefined
    : readMarkerPart(scanner, 'after the URL and a space ";" and a marker')
  return { url, marker }
}

function readMarkerPart(scanner: Scanner, expected: string): MarkerNode {
  scanner.expect(/;/y, `${expected}, or the end`)
  const marker = readMarker(scanner)
  if (!scanner.isAtEnd) scanner.fail('expected "and", "or" or the end of the marker')
  return marker
}

// One clause: an operator, then all that a version, or after === any text, may be made of.
const clause = new RegExp(
  `===[${pythonSpace}]*[^${pythonSpace};)]*|(?:[~=!<>]=|[<>])[${pythonSpace}]*[A-Za-z0-9._!+*-]*`,
  'y',
)

function readSpecifiers(scanner: Scanner): Specifier[] {
  return scanner.enclosed('()', () => {
    const specifiers: Specifier[] = []
    for (let text = scanner.peek(clause); text; text = scanner.peek(clause)) {
      specifiers.push(
        ...text
          .split(',')
          .filter(Boolean)
          .map((each) => readSpecifier(scanner, each)),
      )
      scanner.position += text.length
      scanner.skipSpace()
      if (!scanner.take(/,[ \t]*/y)) break
    }
    return specifiers
  })
}

function readSpecifier(scanner: Scanner, text: string): Specifier {
  try {
    return parseSpecifier(text)
  } catch (error) {
    if (error instanceof InvalidSpecifier) scanner.fail(error.problem)
    throw error
  }
}
