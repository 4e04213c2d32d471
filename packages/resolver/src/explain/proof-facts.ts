/** The facts at the bottom of a proof. Together they rule every choice out; see the property test. */

import type { Fact } from '../facts.ts'
import { type BitSet, noBits } from '../pubgrub/bit-set.ts'
import type { Incompatibility } from '../pubgrub/incompatibility.ts'
import type { Variable } from '../pubgrub/variable.ts'

export interface ProofFact {
  readonly fact: Fact
  /** The versions of its project that it is about; none where it is about what the user wrote. */
  readonly versions: BitSet
}

/** Each fact once, as it is met first when reading the proof from its conclusion. */
export function listFacts(proof: Incompatibility): ProofFact[] {
  const seen = new Set([proof])
  const facts: ProofFact[] = []
  // A set that grows while it is walked: proofs are deeper than the stack.
  for (const { origin, variables, sets } of seen) {
    if (origin.fact === undefined) {
      for (const from of origin.from) seen.add(from)
      continue
    }
    const fact = origin.fact as Fact
    const at = variables.indexOf(fact.project as Variable)
    facts.push({ fact, versions: sets[at] ?? noBits(0) })
  }
  return facts
}
