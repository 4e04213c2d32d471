/** The facts that conflicts come from: each is the origin of an incompatibility. */

import type { NormalizedName, Requirement, SpecifierSet } from '@cheeseshop/packaging'
import type { Project } from './project.ts'
import type { Unusable } from './provider.ts'

export type Fact = RequirementFact | UnusableFact | PythonFact | ConstraintFact | PipRuleFact

/** Versions of `project` (or the user, where there is none) require something. */
export interface RequirementFact {
  readonly kind: 'requirement'
  readonly project: Project | undefined
  /** The extra that requires it. */
  readonly extra: NormalizedName | undefined
  readonly requirement: Requirement
  /** Where the user stated it, and its place in the user's list. */
  readonly stated: { readonly origin: string; readonly place: number } | undefined
  readonly target: Project
}

/** Versions of a project cannot be used. */
export interface UnusableFact {
  readonly kind: 'unusable'
  readonly project: Project
  readonly reason: Unusable
}

export interface PythonFact {
  readonly kind: 'python'
  readonly project: Project
  readonly requires: SpecifierSet
}

export interface ConstraintFact {
  readonly kind: 'constraint'
  readonly project: Project
  readonly requirement: Requirement
  readonly statedIn: string
}

/** What is left are pre-releases or yanked versions, and the requirements on the project do not let them in. */
export interface PipRuleFact {
  readonly kind: 'pip-rule'
  readonly project: Project
}
