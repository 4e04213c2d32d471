/** A decision diagram in the words of markers: alternatives, each a list of comparisons, and none of them needless. */

import { junction, type MarkerComparison, type MarkerNode } from '../grammar/marker-syntax.ts'
import { opposite, textComparison } from './comparison-words.ts'
import type { Comparisons } from './comparisons.ts'
import { type Branching, type Diagram, type Diagrams, MarkersTooComplex } from './diagrams.ts'

/** One comparison, and what it means. */
interface Literal {
  readonly comparison: MarkerComparison
  readonly diagram: Diagram
}

type Clause = readonly Literal[]

/** Above this many alternatives a marker counts as hostile. */
const mostClauses = 2000

export class Clauses {
  readonly #diagrams: Diagrams
  readonly #comparisons: Comparisons

  constructor(diagrams: Diagrams, comparisons: Comparisons) {
    this.#diagrams = diagrams
    this.#comparisons = comparisons
  }

  /**
   * A marker that holds where `diagram` does, as long as `within` holds; what it says elsewhere does not matter. `undefined`
   * where it always holds. Nothing holds nowhere, so `diagram` must hold somewhere within.
   */
  write(diagram: Diagram, within: Diagram): MarkerNode | undefined {
    const wanted = this.#diagrams.or(diagram, this.#diagrams.not(within))
    if (wanted === true) return undefined
    const goal = this.#diagrams.and(diagram, within)
    const clauses = this.#withoutNeedless(
      this.#read(goal).map((clause) => this.#shorten(clause, wanted)),
      goal,
    )
    if (clauses.some(({ length }) => length === 0)) return undefined
    const alternatives = clauses.map((clause) => {
      const node = junction(
        'and',
        clause.map(({ comparison }) => comparison),
      )
      return clauses.length > 1 && node.kind !== 'comparison' ? { ...node, grouped: true } : node
    })
    return junction('or', alternatives)
  }

  /** Each way to the truth. */
  #read(diagram: Diagram): Clause[] {
    const clauses: Clause[] = []
    const follow = (at: Diagram, clause: Clause) => {
      if (at === false) return
      if (at === true) {
        if (clauses.length >= mostClauses) throw new MarkersTooComplex()
        clauses.push(clause)
        return
      }
      for (const [child, parts] of this.#ways(at)) {
        for (const part of parts) follow(child, [...clause, ...part])
      }
    }
    follow(diagram, [])
    return clauses
  }

  /** For each child, the lists of comparisons that lead to it. */
  #ways(at: Branching): [Diagram, Clause[]][] {
    const children = [...new Set(at.children)].filter((child) => child !== false)
    const ways = at.variable.kind === 'cuts' ? this.#intervals : this.#texts
    return children.map((child) => [child, ways.call(this, at, child)])
  }

  #texts(at: Branching, child: Diagram): Clause[] {
    const { variable, labels, children } = at
    const equal = labels.map((label) => this.#textLiteral(variable.name, label))
    if (children.at(-1) !== child) {
      return equal.filter((_, place) => children[place] === child).map((literal) => [literal])
    }
    return [
      equal.filter((_, place) => children[place] !== child).map((literal) => this.#negate(literal)),
    ]
  }

  #textLiteral(name: string, label: string): Literal {
    const known = this.#comparisons.opaque.get(name)
    const comparison = known ?? textComparison(name, '==', { value: label, isReversed: false })
    return { comparison, diagram: this.#comparisons.diagramOf(comparison, {}) }
  }

  #negate({ comparison, diagram }: Literal): Literal {
    return { comparison: opposite(comparison), diagram: this.#diagrams.not(diagram) }
  }

  #intervals({ variable, labels, children }: Branching, child: Diagram): Clause[] {
    const ends = ['', ...labels]
    return children.flatMap((each, at) => {
      if (each !== child) return []
      const [from, to] = [ends[at] || undefined, ends[at + 1]]
      return [this.#interval(variable.name, from, to)]
    })
  }

  #interval(name: string, from: string | undefined, to: string | undefined): Clause {
    const bounds = this.#comparisons.boundsOf(name, from, to)
    return bounds.map((comparison) => {
      return { comparison, diagram: this.#comparisons.diagramOf(comparison, {}) }
    })
  }

  /** Leaves out what the rest of a clause says already. */
  #shorten(clause: Clause, wanted: Diagram): Clause {
    let kept = clause
    for (const literal of clause) {
      const others = kept.filter((each) => each !== literal)
      if (this.#implies(others, wanted)) kept = others
    }
    return kept
  }

  /** The longest go first. */
  #withoutNeedless(clauses: readonly Clause[], goal: Diagram): Clause[] {
    let kept = [...clauses]
    for (const clause of clauses.toSorted((a, b) => b.length - a.length)) {
      const others = kept.filter((each) => each !== clause)
      const covered = others.reduce<Diagram>(
        (all, each) => this.#diagrams.or(all, this.#meaning(each)),
        false,
      )
      if (this.#diagrams.and(goal, this.#diagrams.not(covered)) === false) kept = others
    }
    return kept
  }

  #implies(clause: Clause, wanted: Diagram): boolean {
    return this.#diagrams.and(this.#meaning(clause), this.#diagrams.not(wanted)) === false
  }

  #meaning(clause: Clause): Diagram {
    return clause.reduce<Diagram>((all, { diagram }) => this.#diagrams.and(all, diagram), true)
  }
}
