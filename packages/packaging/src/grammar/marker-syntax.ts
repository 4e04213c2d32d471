/** Markers as trees, and the grammar that reads them (PEP 508, "Environment markers"; PEP 751 adds the sets). */

import { normalizeName } from '../names.ts'
import { readPythonString } from './python-string.ts'
import type { Scanner } from './scanner.ts'

/** A name that the environment gives a value. */
export type MarkerVariable =
  | 'implementation_name'
  | 'implementation_version'
  | 'os_name'
  | 'platform_machine'
  | 'platform_python_implementation'
  | 'platform_release'
  | 'platform_system'
  | 'platform_version'
  | 'python_full_version'
  | 'python_version'
  | 'sys_platform'
  | 'extra'
  | 'extras'
  | 'dependency_groups'

export type MarkerOperator = '<' | '<=' | '==' | '!=' | '>=' | '>' | '~=' | '===' | 'in' | 'not in'

/** One side of a comparison. */
export type MarkerOperand =
  | { readonly kind: 'variable'; readonly name: MarkerVariable }
  | { readonly kind: 'text'; readonly value: string }

export interface MarkerComparison {
  readonly kind: 'comparison'
  readonly left: MarkerOperand
  readonly operator: MarkerOperator
  readonly right: MarkerOperand
}

/** `and` binds more than `or`; `grouped` says that it was written in parentheses and is written so again. */
export interface MarkerJunction {
  readonly kind: 'and' | 'or'
  readonly terms: readonly MarkerNode[]
  readonly grouped: boolean
}

export type MarkerNode = MarkerComparison | MarkerJunction

/** Reads a marker up to where it ends. Throws `SyntaxProblem`. */
export function readMarker(scanner: Scanner): MarkerNode {
  const alternatives: MarkerNode[][] = [[readAtom(scanner)]]
  for (let word = scanner.take(/\b(?:or|and)\b/y); word; word = scanner.take(/\b(?:or|and)\b/y)) {
    if (word === 'or') alternatives.push([])
    alternatives.at(-1)?.push(readAtom(scanner))
  }
  return junction(
    'or',
    alternatives.map((terms) => junction('and', terms)),
  )
}

/** The marker as text, as the reference library writes it. */
export function formatMarker(node: MarkerNode): string {
  if (node.kind === 'comparison') {
    return `${formatOperand(node.left)} ${node.operator} ${formatOperand(node.right)}`
  }
  return node.terms
    .map((term) => (isGrouped(term) ? `(${formatMarker(term)})` : formatMarker(term)))
    .join(` ${node.kind} `)
}

/** The same marker as part of another one. */
export function grouped(node: MarkerNode): MarkerNode {
  return node.kind === 'comparison' ? node : { ...node, grouped: true }
}

/** A junction of several terms; a single term stands for itself. */
export function junction(kind: 'and' | 'or', terms: readonly MarkerNode[]): MarkerNode {
  return terms.length === 1 ? (terms[0] as MarkerNode) : { kind, terms, grouped: false }
}

function isGrouped(node: MarkerNode): boolean {
  return node.kind !== 'comparison' && node.grouped
}

function readAtom(scanner: Scanner): MarkerNode {
  scanner.skipSpace()
  const isGroup = scanner.text[scanner.position] === '('
  const node = isGroup
    ? grouped(scanner.enclosed('()', () => readMarker(scanner)))
    : readComparison(scanner)
  scanner.skipSpace()
  return node
}

function readComparison(scanner: Scanner): MarkerComparison {
  const left = readOperand(scanner)
  scanner.skipSpace()
  const operator = readOperator(scanner)
  scanner.skipSpace()
  const right = readOperand(scanner)
  return { kind: 'comparison', ...normalizeNames(left, right), operator }
}

const variable =
  /\b(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_release|platform_system|platform[._](?:version|machine|python_implementation)|python_implementation|implementation_name|implementation_version|extras?|dependency_groups)\b/y

function readOperand(scanner: Scanner): MarkerOperand {
  const start = scanner.position
  const name = scanner.take(variable)?.replace('.', '_')
  if (name !== undefined) {
    // PEP 345 and setuptools wrote os.name, sys.platform and python_implementation.
    const isOldName = name === 'python_implementation'
    return {
      kind: 'variable',
      name: (isOldName ? 'platform_python_implementation' : name) as MarkerVariable,
    }
  }
  const literal = scanner.expect(/'[^']*'|"[^"]*"/y, 'a marker variable or a quoted string')
  const value = readPythonString(literal)
  return value === undefined
    ? scanner.fail('expected a string that Python can read', start)
    : { kind: 'text', value }
}

function readOperator(scanner: Scanner): MarkerOperator {
  const symbol = scanner.take(/===|[~=!<>]=|[<>]|\bin\b|\bnot\b/y)
  if (symbol === undefined) {
    return scanner.fail('expected one of <, <=, ==, !=, >=, >, ~=, ===, in, not in')
  }
  if (symbol !== 'not') return symbol as MarkerOperator
  scanner.expect(/[ \t]+/y, 'a space after "not"')
  scanner.expect(/\bin\b/y, '"in" after "not"')
  return 'not in'
}

/** PEP 685: names of extras are compared in normalised form. */
function normalizeNames(
  left: MarkerOperand,
  right: MarkerOperand,
): { left: MarkerOperand; right: MarkerOperand } {
  if (isVariable(left, 'extra')) return { left, right: normalizeText(right) }
  const namesAreLeft =
    isVariable(right, 'extra') ||
    isVariable(right, 'extras') ||
    isVariable(right, 'dependency_groups')
  return namesAreLeft ? { left: normalizeText(left), right } : { left, right }
}

function normalizeText(operand: MarkerOperand): MarkerOperand {
  return operand.kind === 'text' ? { kind: 'text', value: normalizeName(operand.value) } : operand
}

function isVariable(operand: MarkerOperand, name: MarkerVariable): boolean {
  return operand.kind === 'variable' && operand.name === name
}

function formatOperand(operand: MarkerOperand): string {
  if (operand.kind === 'variable') return operand.name
  return operand.value.includes('"') ? `'${operand.value}'` : `"${operand.value}"`
}
