/** What the solver chooses: a variable takes one value of its domain, whose value 0 means "absent". */

import { allBits, type BitSet, hasBit, isSubset } from './bit-set.ts'
import type { Incompatibility } from './incompatibility.ts'

/** Reserved in every domain: the thing is not part of the solution. */
export const absent = 0

/** One step of the partial solution: a decision, or what an incompatibility forced. */
export interface Assignment {
  readonly variable: Variable
  /** What is left of the domain after this step. */
  readonly left: BitSet
  /** `undefined` for a decision. */
  readonly cause: Incompatibility | undefined
  readonly level: number
  /** Its place among all steps. */
  readonly at: number
}

/** A variable, its state in the partial solution, and the incompatibilities that mention it. */
export class Variable {
  readonly id: number
  /** How many values there are, absence among them. */
  readonly size: number
  readonly domain: BitSet
  /** A variable that is what it is: blaming it alone means that there is no solution. */
  readonly isGiven: boolean
  /** What is left of the domain. */
  left: BitSet
  /** The value decided for, or -1. */
  decided = -1
  /** The steps that made `left` smaller, in order. */
  readonly history: Assignment[] = []
  /** Incompatibilities whose term here holds few values, none of them absence: by value. */
  readonly narrow = new Map<number, Incompatibility[]>()
  /** All others. */
  readonly broad: Incompatibility[] = []

  constructor(id: number, size: number, isGiven = false) {
    this.id = id
    this.size = size
    this.domain = allBits(size)
    this.isGiven = isGiven
    this.left = this.domain
  }

  get isRequired(): boolean {
    return (this.left[0]! & 1) === 0
  }

  /** What no step back can bring more of: left on level 0, before the first decision. */
  get leftForGood(): BitSet {
    return this.history.findLast(({ level }) => level === 0)?.left ?? this.domain
  }

  /** Whether all that is left lies in the set. */
  isWithin(set: BitSet): boolean {
    return this.decided >= 0 ? hasBit(set, this.decided) : isSubset(this.left, set)
  }
}
