/** What installed projects require, with the extras that they want each other with. */

import {
  type MarkerEnvironment,
  type NormalizedName,
  normalizeName,
  type Requirement,
} from '@cheeseshop/packaging'
import { requirementsOf } from './consistency.ts'
import type { InstalledProject } from './environment/installed-project.ts'

/** By project. Extras that a person wanted are not known: nobody writes them down. */
export function requirementsInForce(
  projects: readonly InstalledProject[],
  environment: MarkerEnvironment,
): Map<NormalizedName, readonly Requirement[]> {
  const byName = new Map(projects.map((project) => [project.name, project]))
  const extras = new Map<NormalizedName, Set<string>>()
  const inForce = new Map<NormalizedName, readonly Requirement[]>()
  const queue = new Set(projects)
  for (const project of queue) {
    // It comes again when somebody wants it with one more extra.
    queue.delete(project)
    const required = requirementsOf(project, environment, [...(extras.get(project.name) ?? [])])
    inForce.set(project.name, required)
    for (const requirement of required) {
      const wanted = byName.get(requirement.normalizedName)
      if (wanted && addAll(extras, requirement)) queue.add(wanted)
    }
  }
  return inForce
}

/** Whether one of them is new. */
function addAll(known: Map<NormalizedName, Set<string>>, requirement: Requirement): boolean {
  const { normalizedName, extras } = requirement
  if (extras.length === 0) return false
  const all = known.get(normalizedName) ?? new Set()
  const before = all.size
  for (const extra of extras) all.add(normalizeName(extra))
  known.set(normalizedName, all)
  return all.size > before
}
