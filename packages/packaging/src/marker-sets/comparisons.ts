/** What each comparison of a marker means as a decision diagram, and what a branch of one means as a comparison. */

import type {
  MarkerComparison,
  MarkerNode,
  MarkerOperand,
  MarkerOperator,
  MarkerVariable,
} from '../grammar/marker-syntax.ts'
import { quoted } from '../grammar/quoted.ts'
import {
  compareText,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
} from '../marker-evaluation.ts'
import { type Specifier, tryParseSpecifier } from '../specifier.ts'
import { tryParseVersion } from '../versions.ts'
import { boundsOf, type OtherSide, opposite, textComparison } from './comparison-words.ts'
import type { Diagram, Diagrams, Variable } from './diagrams.ts'
import {
  type InterpreterInterval,
  type InterpreterVersion,
  interpretersOf,
  interpretersWithin,
  sortKeyOf,
} from './interpreter-versions.ts'

/** Values that are known: for the extra a requirement is read for. */
export interface KnownNames {
  /** Stands for `extra`. */
  readonly extra?: string
}

/** What is decided first. `python_version` is part of `python_full_version`. */
const order: readonly string[] = [
  'python_full_version',
  'implementation_version',
  'implementation_name',
  'os_name',
  'sys_platform',
  'platform_system',
  'platform_machine',
  'platform_python_implementation',
  'platform_version',
]

/** Names of one thing: where the first has a value in the list, the second has the value beside it, and only then. */
const sameThings: Readonly<
  Record<string, readonly [MarkerVariable, Readonly<Record<string, string>>]>
> = {
  platform_system: ['sys_platform', { Windows: 'win32', Linux: 'linux', Darwin: 'darwin' }],
  platform_python_implementation: ['implementation_name', { CPython: 'cpython', PyPy: 'pypy' }],
}

export class Comparisons {
  readonly #diagrams: Diagrams
  /** Comparisons that are true or false by themselves, by the name of the variable that stands for them. */
  readonly opaque = new Map<string, MarkerComparison>()

  readonly #versions = new Map<string, InterpreterVersion>()

  constructor(diagrams: Diagrams) {
    this.#diagrams = diagrams
  }

  /** Throws `UndefinedMarkerComparison` and `UndefinedMarkerVariable` where evaluation would. */
  diagramOf(node: MarkerNode, known: KnownNames): Diagram {
    if (node.kind === 'comparison') return this.#compare(node, known)
    const terms = node.terms.map((term) => this.diagramOf(term, known))
    return node.kind === 'and'
      ? terms.reduce((a, b) => this.#diagrams.and(a, b))
      : terms.reduce((a, b) => this.#diagrams.or(a, b))
  }

  /** Where an interpreter is in one of the intervals. */
  interpreters(name: string, intervals: readonly InterpreterInterval[]): Diagram {
    const variable = { name, kind: 'cuts' as const, rank: order.indexOf(name) }
    return intervals.reduce<Diagram>((all, { from, to }) => {
      const after = from === undefined || this.#from(variable, from)
      const before = to === undefined || this.#diagrams.not(this.#from(variable, to))
      return this.#diagrams.or(all, this.#diagrams.and(after, before))
    }, false)
  }

  /** Where an interpreter is in the interval between two labels, as comparisons. */
  boundsOf(
    name: string,
    fromLabel: string | undefined,
    toLabel: string | undefined,
  ): MarkerComparison[] {
    const from = fromLabel === undefined ? undefined : this.#versions.get(fromLabel)
    const to = toLabel === undefined ? undefined : this.#versions.get(toLabel)
    return boundsOf(name, { from, to })
  }

  /** The version that a label of an interpreter stands for. */
  versionOf(label: string): InterpreterVersion | undefined {
    return this.#versions.get(label)
  }

  /** Where a variable is a text. */
  text(name: string, value: string): Diagram {
    if (!order.includes(name) && name !== 'extra') throw new UndefinedMarkerVariable(name)
    const [other, values] = sameThings[name] ?? []
    if (other && values && Object.hasOwn(values, value)) return this.text(other, values[value]!)
    const rank = order.indexOf(name)
    const variable = { name, kind: 'texts' as const, rank: rank < 0 ? order.length : rank }
    return this.#diagrams.branch(variable, [value], [true, false])
  }

  #from(variable: Variable, version: InterpreterVersion): Diagram {
    const label = sortKeyOf(version)
    this.#versions.set(label, version)
    return this.#diagrams.branch(variable, [label], [false, true])
  }

  #compare(comparison: MarkerComparison, known: KnownNames): Diagram {
    const { left, operator, right } = comparison
    const isReversed = left.kind === 'text'
    // Of two variables evaluation takes the second for text, and of two texts for a variable.
    const [name, value] = isReversed ? [wordOf(right), left.value] : [left.name, wordOf(right)]
    if (name === 'extras' || name === 'dependency_groups') {
      return this.#isMember(comparison, isReversed)
    }
    if (name === 'extra' && known.extra !== undefined) {
      const [left, right] = isReversed ? [value, known.extra] : [known.extra, value]
      return compareText(left, operator, right)
    }
    switch (name) {
      case 'python_version':
      case 'python_full_version':
      case 'implementation_version':
        return this.#compareVersions(name, operator, { value, isReversed })
      case 'platform_release':
        return this.#isOpaque(comparison)
      default:
        return this.#compareText(comparison, name, value)
    }
  }

  #compareVersions(
    name: 'python_version' | 'python_full_version' | 'implementation_version',
    operator: MarkerOperator,
    { value, isReversed }: OtherSide,
  ): Diagram {
    const numbers = name === 'python_version' ? 2 : 3
    const variable = numbers === 2 ? 'python_full_version' : name
    const specifier = specifierOf(operator, value, isReversed)
    if (specifier) return this.interpreters(variable, interpretersOf(specifier, numbers))
    const isPart = numbers === 2 && !isReversed
    if (isPart && operator === 'in') return this.interpreters(variable, interpretersWithin(value))
    if (isPart && operator === 'not in') {
      return this.#diagrams.not(this.interpreters(variable, interpretersWithin(value)))
    }
    const isText = operator === 'in' || operator === 'not in'
    if (isText || (isReversed && (operator === '~=' || operator === '==='))) {
      return this.#isOpaque(textComparison(name, operator, { value, isReversed }))
    }
    if (operator === '~=') throw senseless(name, operator, value)
    // Compared as text, and no version is written so.
    return operator === '!=' && !isReversed
  }

  #compareText(comparison: MarkerComparison, name: string, value: string): Diagram {
    switch (comparison.operator) {
      case '==':
      case '<=':
      case '>=':
        return this.text(name, value)
      case '!=':
        return this.#diagrams.not(this.text(name, value))
      case '<':
      case '>':
        return false
      case 'in':
      case 'not in':
        return this.#isOpaque(comparison)
      default:
        throw senseless(name, comparison.operator, value)
    }
  }

  #isMember(comparison: MarkerComparison, isReversed: boolean): Diagram {
    const { operator } = comparison
    if (!isReversed || operator === '~=' || operator === '===') {
      throw new UndefinedMarkerComparison('a set is compared with "in" and "not in"')
    }
    if (operator === 'in' || operator === 'not in') return this.#isOpaque(comparison)
    return operator === '!='
  }

  /** True or false, nobody knows when: the comparison becomes a variable. */
  #isOpaque(comparison: MarkerComparison): Diagram {
    const isNegative = comparison.operator === 'not in' || comparison.operator === '!='
    const positive = isNegative ? opposite(comparison) : comparison
    const name = JSON.stringify([positive.left, positive.operator, positive.right])
    this.opaque.set(name, positive)
    const variable = { name, kind: 'texts' as const, rank: order.length + 1 }
    const holds = this.#diagrams.branch(variable, ['yes'], [true, false])
    return isNegative ? this.#diagrams.not(holds) : holds
  }
}

function wordOf(operand: MarkerOperand): string {
  return operand.kind === 'variable' ? operand.name : operand.value
}

const mirrored: Partial<Record<MarkerOperator, MarkerOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

function specifierOf(
  operator: MarkerOperator,
  value: string,
  isReversed: boolean,
): Specifier | undefined {
  if (!isReversed) return tryParseSpecifier(operator + value)
  if (operator === '~=' || operator === '===' || tryParseVersion(value) === undefined)
    return undefined
  return tryParseSpecifier((mirrored[operator] ?? operator) + value)
}

function senseless(name: string, operator: string, value: string): UndefinedMarkerComparison {
  return new UndefinedMarkerComparison(
    `${name} ${operator} ${quoted(value)} has no meaning: "${operator}" compares versions`,
  )
}
