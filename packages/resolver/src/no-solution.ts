/** There is no solution: the proof, and what a person can make of it. */

import type { Environment } from './environment.ts'
import { type Explanation, explainFacts } from './explain/explanation.ts'
import { collectHints, describeHint, type Hint } from './explain/hints.ts'
import { listFacts, type ProofFact } from './explain/proof-facts.ts'
import type { Provider } from './provider.ts'
import type { Incompatibility } from './pubgrub/incompatibility.ts'
import type { SearchStats } from './search.ts'

export interface NoSolutionParts {
  readonly proof: Incompatibility
  readonly environment: Environment
  readonly provider: Provider
  readonly stats: SearchStats
}

/** Thrown by `resolve` where no versions satisfy everything. */
export class NoSolution extends Error {
  override readonly name = 'NoSolution'
  /** The conclusion of the proof; what it follows from is behind it. */
  readonly proof: Incompatibility
  readonly stats: SearchStats
  /** The environments in which there is none, as a marker; everywhere asked about without one. */
  readonly place: string | undefined
  readonly explanation: Explanation
  readonly hints: readonly Hint[]

  constructor({ proof, environment, provider, stats }: NoSolutionParts) {
    const { python, place } = environment
    super(`No versions satisfy all requirements${place ? ` where ${place}` : ''}`)
    const facts: ProofFact[] = listFacts(proof)
    this.proof = proof
    this.place = place
    this.stats = stats
    this.explanation = explainFacts(facts, python)
    this.hints = collectHints(facts, python, provider)
  }

  /** The explanation in lines of plain text, with the hints at its end. */
  explain(): string[] {
    const { stated, obstacles } = this.explanation
    const lines = [`${this.message}.`, '', 'You ask for']
    const words = stated.map(({ requirement }) => requirement)
    for (const [at, { statedIn, isConstraint, problem }] of stated.entries()) {
      const origin = isConstraint ? `a constraint in ${statedIn}` : statedIn
      const wrong = problem ? `: ${problem}` : ''
      lines.push(`  ${pad(words[at]!, words)}  (${origin})${wrong}`)
    }
    for (const { name, considered, reasons } of obstacles) {
      lines.push('', `${name}: ${considered}`)
      const labels = reasons.map(({ versions }) => versions)
      for (const { versions, why } of reasons) lines.push(`  ${pad(versions, labels)}  ${why}`)
    }
    if (this.hints.length > 0) lines.push('')
    return [...lines, ...this.hints.map((hint) => `hint: ${describeHint(hint)}`)]
  }
}

function pad(text: string, column: readonly string[]): string {
  return text.padEnd(Math.min(40, Math.max(...column.map(({ length }) => length))))
}
