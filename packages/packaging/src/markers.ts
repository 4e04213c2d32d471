/** Environment markers: conditions on where a requirement applies (PEP 508, "Environment markers"). */

import {
  formatMarker,
  grouped,
  junction,
  type MarkerNode,
  readMarker,
} from './grammar/marker-syntax.ts'
import { quoted } from './grammar/quoted.ts'
import { Scanner, SyntaxProblem } from './grammar/scanner.ts'
import { evaluateMarker, type MarkerEnvironment, type MarkerOptions } from './marker-evaluation.ts'

/** The longest text read as a marker. */
const longestMarker = 32_768

/**
 * Thrown for text that is not a marker. `position` counts characters from 0.
 *
 * @example
 * ```ts
 * parseMarker('os_name = "nt"') // throws InvalidMarker
 * ```
 */
export class InvalidMarker extends Error {
  override readonly name = 'InvalidMarker'
  readonly input: string
  readonly position: number

  constructor(input: string, problem: string, position: number) {
    super(`Invalid marker ${quoted(input)}: ${problem} (at position ${position})`)
    this.input = input
    this.position = position
  }
}

/**
 * A marker. Made by `parseMarker`.
 *
 * @example
 * ```ts
 * const marker = parseMarker('python_version < "3.11" and extra == "test"')
 * marker.evaluate({ python_version: '3.10' }, { extras: ['test'] }) // true
 * marker.evaluate({ python_version: '3.10' }) // false
 * ```
 */
export class Marker {
  /** The marker as a tree. */
  readonly node: MarkerNode

  constructor(node: MarkerNode) {
    this.node = node
  }

  /**
   * Whether the marker holds. Without `extras`, `extra` is empty. Throws `UndefinedMarkerVariable` where the environment
   * lacks a value that is asked for, and `UndefinedMarkerComparison` where an operator has no meaning for its operands.
   */
  evaluate(environment: Partial<MarkerEnvironment>, options: MarkerOptions = {}): boolean {
    return evaluateMarker(this.node, environment, options)
  }

  /** The marker that holds where both do. */
  and(other: Marker): Marker {
    return new Marker(junction('and', [grouped(this.node), grouped(other.node)]))
  }

  /** The marker that holds where either does. */
  or(other: Marker): Marker {
    return new Marker(junction('or', [grouped(this.node), grouped(other.node)]))
  }

  toString(): string {
    return formatMarker(this.node)
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * Reads a marker. Throws `InvalidMarker`.
 *
 * Source: PEP 508 "Environment markers", PEP 685 (names of extras), PEP 751 (`extras`, `dependency_groups`).
 *
 * @example
 * ```ts
 * parseMarker("os.name=='posix'").toString() // 'os_name == "posix"'
 * ```
 */
export function parseMarker(text: string): Marker {
  if (text.length > longestMarker) {
    throw new InvalidMarker(text, `use at most ${longestMarker} characters`, longestMarker)
  }
  try {
    const scanner = new Scanner(text)
    const node = readMarker(scanner)
    if (!scanner.isAtEnd) scanner.fail('expected "and", "or" or the end')
    return new Marker(node)
  } catch (error) {
    if (error instanceof SyntaxProblem) throw new InvalidMarker(text, error.problem, error.position)
    throw error
  }
}

/**
 * As `parseMarker`, but `undefined` for text that is not a marker.
 *
 * @example
 * ```ts
 * tryParseMarker('python >= 3') // undefined
 * ```
 */
export function tryParseMarker(text: string): Marker | undefined {
  try {
    return parseMarker(text)
  } catch (error) {
    if (error instanceof InvalidMarker) return undefined
    throw error
  }
}
