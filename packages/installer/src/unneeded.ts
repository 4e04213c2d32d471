/** Which installed projects nobody asked for and nothing needs. */

import { type MarkerEnvironment, type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import { requirementsOf } from './consistency.ts'
import type { InstalledProject } from './environment/installed-project.ts'
import type { InstalledProjects } from './environment/installed-projects.ts'

/** Installers that write REQUESTED: only what they left without it came for the sake of another project. */
const tellsRequests = new Set(['cheese', 'pip', 'uv'])

/** Environments are made with these, and nobody remembers to ask for them. */
const seeds = new Set(['pip', 'setuptools', 'wheel'].map(normalizeName))

/** Nobody writes down which extras were asked for, so what any extra of a needed project requires is needed. */
export function findUnneeded(
  { projects }: Pick<InstalledProjects, 'projects'>,
  kept: ReadonlySet<NormalizedName>,
  environment: MarkerEnvironment,
): InstalledProject[] {
  const byName = new Map(projects.map((project) => [project.name, project]))
  const queue = projects.filter((each) => kept.has(each.name) || isRoot(each))
  const needed = new Set(queue)
  for (const project of queue) {
    const extras = project.metadata.providesExtra.map(normalizeName)
    for (const { normalizedName } of requirementsOf(project, environment, extras)) {
      const required = byName.get(normalizedName)
      if (required === undefined || needed.has(required)) continue
      needed.add(required)
      queue.push(required)
    }
  }
  return projects.filter((project) => !needed.has(project))
}

function isRoot(project: InstalledProject): boolean {
  const isMarked = project.kind === 'dist-info' && tellsRequests.has(project.installer ?? '')
  return !isMarked || project.isRequested || project.isEditable || seeds.has(project.name)
}
