/** Who brought an installed project here: the ways from what was asked for down to it. */

import {
  type InstalledProject,
  type InstalledProjects,
  requirementsInForce,
  requirementsOf,
} from '@cheeseshop/installer'
import {
  type MarkerEnvironment,
  type NormalizedName,
  normalizeName,
  type Requirement,
} from '@cheeseshop/packaging'

export interface Link {
  readonly name: NormalizedName
  readonly version: string
  /** What the one before asks of it, with the extra that it asks for; empty for the first. */
  readonly requirement: string
}

/** From the top down; the project itself is the last. */
export type Chain = readonly Link[]

/** For each project that requires it directly, the shortest way from something that was asked for, or that nothing requires. */
export function findChains(
  project: InstalledProject,
  installed: InstalledProjects,
  environment: MarkerEnvironment,
): Chain[] {
  const above = findRequirers(project, installed, environment)
  return [...(above.get(project.name) ?? [])].map(([requirer, requirement]) => {
    const last = link(project, requirement)
    return [...shortestWay(requirer, { above, avoiding: project.name }), last]
  })
}

type Requirers = ReadonlyMap<NormalizedName, ReadonlyMap<InstalledProject, string>>

/** Where nothing else brought a project, an extra did that a person wanted: which one, nobody writes down. */
function findRequirers(
  project: InstalledProject,
  { projects }: InstalledProjects,
  environment: MarkerEnvironment,
): Requirers {
  const inForce = requirementsInForce(projects, environment)
  const above = turned(projects, ({ name }) => inForce.get(name) ?? [])
  if (above.has(project.name) || project.isRequested) return above
  return turned(projects, (each) =>
    requirementsOf(each, environment, each.metadata.providesExtra.map(normalizeName)),
  )
}

/** By what is required. */
function turned(
  projects: readonly InstalledProject[],
  requires: (project: InstalledProject) => readonly Requirement[],
): Requirers {
  const above = new Map<NormalizedName, Map<InstalledProject, string>>()
  for (const project of projects) {
    for (const { normalizedName, specifier } of requires(project)) {
      if (normalizedName === project.name) continue
      const known = above.get(normalizedName) ?? new Map()
      above.set(normalizedName, known.set(project, specifier.toString()))
    }
  }
  return above
}

interface Walk {
  readonly above: Requirers
  readonly avoiding: NormalizedName
}

function shortestWay(start: InstalledProject, { above, avoiding }: Walk): Link[] {
  const seen = new Set([avoiding, start.name])
  const queue: { at: InstalledProject; below: Link[] }[] = [{ at: start, below: [] }]
  let longest: Link[] = [link(start, '')]
  for (const { at, below } of queue) {
    const way = [link(at, ''), ...below]
    const requirers = above.get(at.name) ?? new Map<InstalledProject, string>()
    if (at.isRequested || requirers.size === 0) return way
    longest = way
    for (const [requirer, requirement] of requirers) {
      if (seen.has(requirer.name)) continue
      seen.add(requirer.name)
      queue.push({ at: requirer, below: [link(at, requirement), ...below] })
    }
  }
  return longest
}

function link({ name, version }: InstalledProject, requirement: string): Link {
  return { name, version: version.toString(), requirement }
}
