/** Metadata that the user states, so that a version's own are never read: to get them may take a build that fails. */

import type { NormalizedName, Requirement, SpecifierSet, Version } from '@cheeseshop/packaging'
import type { Candidate, Dependencies } from '@cheeseshop/resolver'

export interface StatedMetadata {
  readonly name: NormalizedName
  /** All versions, where none is named. */
  readonly version?: Version | undefined
  readonly requires: readonly Requirement[]
  readonly requiresPython?: SpecifierSet | undefined
  readonly providesExtra: readonly NormalizedName[]
}

/** What is stated of a version: rather of this one than of all. */
export function findStated(
  all: readonly StatedMetadata[],
  { name, version }: Candidate,
): Dependencies | undefined {
  const ofProject = all.filter((each) => each.name === name)
  return (
    ofProject.find((each) => each.version?.equals(version)) ??
    ofProject.find((each) => each.version === undefined)
  )
}
