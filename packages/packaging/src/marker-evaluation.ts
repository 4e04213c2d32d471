/** Decides whether a marker holds in an environment. */

import type {
  MarkerComparison,
  MarkerNode,
  MarkerOperand,
  MarkerOperator,
  MarkerVariable,
} from './grammar/marker-syntax.ts'
import { quoted } from './grammar/quoted.ts'
import { normalizeName } from './names.ts'
import { type Specifier, tryParseSpecifier } from './specifier.ts'
import { tryParseVersion } from './versions.ts'

/** What an interpreter says of itself, under the names of PEP 508. */
export type MarkerEnvironment = Readonly<
  Record<Exclude<MarkerVariable, 'extra' | 'extras' | 'dependency_groups'>, string>
>

/** What was asked for beside the project itself. */
export interface MarkerOptions {
  /** The extras asked for: a marker on `extra` holds if it holds for one of them, and `extras` is the set of all. */
  readonly extras?: Iterable<string> | undefined
  /** The dependency groups asked for (PEP 751). */
  readonly dependencyGroups?: Iterable<string> | undefined
}

/**
 * Thrown where a marker asks for something the environment does not say.
 *
 * @example
 * ```ts
 * parseMarker('os_name == "nt"').evaluate({}) // throws UndefinedMarkerVariable
 * ```
 */
export class UndefinedMarkerVariable extends Error {
  override readonly name = 'UndefinedMarkerVariable'
  readonly variable: string

  constructor(variable: string) {
    super(`The environment says nothing of ${quoted(variable)}, which the marker asks for: add it`)
    this.variable = variable
  }
}

/**
 * Thrown where an operator has no meaning for its operands, as in `os_name ~= "posix"`.
 *
 * @example
 * ```ts
 * parseMarker('os_name ~= "nt"').evaluate({ os_name: 'nt' }) // throws UndefinedMarkerComparison
 * ```
 */
export class UndefinedMarkerComparison extends Error {
  override readonly name = 'UndefinedMarkerComparison'
}

interface Context {
  readonly environment: Partial<MarkerEnvironment>
  readonly extra: string
  readonly extras: ReadonlySet<string>
  readonly dependencyGroups: ReadonlySet<string>
}

/** Whether the marker holds; see `Marker.evaluate`. */
export function evaluateMarker(
  node: MarkerNode,
  environment: Partial<MarkerEnvironment>,
  options: MarkerOptions,
): boolean {
  const extras = normalizeNames(options.extras)
  const dependencyGroups = normalizeNames(options.dependencyGroups)
  const asked = extras.size === 0 ? [''] : [...extras]
  return asked.some((extra) => holds(node, { environment, extra, extras, dependencyGroups }))
}

const noNames: ReadonlySet<string> = new Set()

function normalizeNames(names: Iterable<string> | undefined): ReadonlySet<string> {
  return names === undefined ? noNames : new Set(Array.from(names, normalizeName))
}

/** Decides every term, so that a marker without meaning throws in every environment alike. */
function holds(node: MarkerNode, context: Context): boolean {
  if (node.kind === 'comparison') return compare(node, context)
  const truths = node.terms.map((term) => holds(term, context))
  return node.kind === 'and' ? truths.every(Boolean) : truths.some(Boolean)
}

/** PEP 508: only these are compared as versions; all others as text. */
const versionVariables = new Set<string>([
  'implementation_version',
  'platform_release',
  'python_full_version',
  'python_version',
])

function compare(comparison: MarkerComparison, context: Context): boolean {
  const { left, operator, right } = comparison
  const variable = left.kind === 'variable' ? left.name : nameOf(right)
  const leftValue = left.kind === 'variable' ? lookUp(left.name, context) : left.value
  // Of two variables the reference library takes the second for text, its own name.
  const rightValue = left.kind === 'variable' ? nameOf(right) : lookUp(variable, context)
  if (typeof leftValue !== 'string') {
    throw new UndefinedMarkerComparison(`"${variable}" is a set: write "name" in ${variable}`)
  }
  if (typeof rightValue !== 'string') return compareMembership(leftValue, operator, rightValue)
  const specifier = versionVariables.has(variable) && specifierOf(comparison, rightValue)
  if (specifier) return matches(specifier, leftValue)
  return compareText(leftValue, operator, rightValue)
}

function nameOf(operand: MarkerOperand): string {
  return operand.kind === 'variable' ? operand.name : operand.value
}

function lookUp(name: string, context: Context): string | ReadonlySet<string> {
  if (name === 'extra') return context.extra
  if (name === 'extras') return context.extras
  if (name === 'dependency_groups') return context.dependencyGroups
  const value = Object.hasOwn(context.environment, name)
    ? context.environment[name as keyof MarkerEnvironment]
    : undefined
  if (value === undefined) throw new UndefinedMarkerVariable(name)
  // Interpreters built from a checkout call themselves "3.14.0+", which is no version.
  return name === 'python_full_version' && value.endsWith('+') ? `${value}local` : value
}

const specifiers = new WeakMap<MarkerComparison, Specifier | false>()

/** The operator and right side as a specifier, or `false`; read once where the right side is constant. */
function specifierOf(comparison: MarkerComparison, value: string): Specifier | false {
  const known = specifiers.get(comparison)
  if (known !== undefined) return known
  const specifier = tryParseSpecifier(comparison.operator + value) ?? false
  if (comparison.left.kind === 'variable') specifiers.set(comparison, specifier)
  return specifier
}

function matches(specifier: Specifier, value: string): boolean {
  if (specifier.operator === '===') return specifier.matchesText(value)
  const version = tryParseVersion(value)
  return version !== undefined && specifier.matches(version)
}

function compareMembership(
  name: string,
  operator: MarkerOperator,
  names: ReadonlySet<string>,
): boolean {
  switch (operator) {
    case 'in':
      return names.has(name)
    case 'not in':
      return !names.has(name)
    case '~=':
    case '===':
      throw new UndefinedMarkerComparison(
        `"${operator}" has no meaning for a set: use "in" or "not in"`,
      )
    default:
      // In the reference library a name never equals a set.
      return operator === '!='
  }
}

/** PEP 508: text has no order, so `<=` and `>=` ask for equality and `<` and `>` never hold. */
export function compareText(left: string, operator: MarkerOperator, right: string): boolean {
  switch (operator) {
    case 'in':
      return right.includes(left)
    case 'not in':
      return !right.includes(left)
    case '==':
    case '<=':
    case '>=':
      return left === right
    case '!=':
      return left !== right
    case '<':
    case '>':
      return false
    default:
      throw new UndefinedMarkerComparison(
        `${quoted(left)} ${operator} ${quoted(right)} has no meaning: "${operator}" compares versions`,
      )
  }
}
