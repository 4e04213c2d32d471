/** What is wrong with a distribution file, as a value with a stable code. */

export interface DistributionProblem<Code extends string> {
  /** Stable: decide by it. */
  readonly code: Code
  /** `warning` where files in use have the fault and installers take them all the same. */
  readonly severity: 'error' | 'warning'
  /** A full sentence for people. */
  readonly message: string
  /** The entry of the archive it is about. */
  readonly entry?: string
}
