/** The grammar of requirements (PEP 508, "Grammar"). */

import { InvalidSpecifier, parseSpecifier, type Specifier } from '../specifier.ts'
import { type MarkerNode, readMarker } from './marker-syntax.ts'
import { Scanner } from './scanner.ts'
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

/** Metadata repeats markers, such as that of an extra for each of its requirements; trees are values and can be shared. */
const knownMarkers = new Map<string, MarkerNode>()
const mostKnown = 2000
const longestKnown = 200

function readMarkerPart(scanner: Scanner, expected: string): MarkerNode {
  scanner.expect(/;/y, `${expected}, or the end`)
  const text = scanner.text.slice(scanner.position)
  const known = knownMarkers.get(text)
  if (known !== undefined) return known
  const marker = readMarker(scanner)
  if (!scanner.isAtEnd) scanner.fail('expected "and", "or" or the end of the marker')
  if (knownMarkers.size < mostKnown && text.length <= longestKnown) keep(text)
  return marker
}

/** From a copy: parts of a text keep all of it in memory, which may be a whole METADATA file. */
function keep(text: string): void {
  const copy = Buffer.from(text, 'utf16le').toString('utf16le')
  knownMarkers.set(copy, readMarker(new Scanner(copy)))
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
