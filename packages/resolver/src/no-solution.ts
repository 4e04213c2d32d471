/** There is no solution: the proof, and what a person can make of it. */

import type { Incompatibility } from './pubgrub/incompatibility.ts'

/** Thrown by `resolve` where no versions satisfy everything. */
export class NoSolution extends Error {
  override readonly name = 'NoSolution'
  readonly proof: Incompatibility

  constructor(proof: Incompatibility) {
    super('No versions satisfy all requirements')
    this.proof = proof
  }
}
