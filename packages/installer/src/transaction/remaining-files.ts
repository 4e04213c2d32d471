/** The files of the projects that stay while others go. */
import { resolve } from 'node:path'
import type { Environment } from '../environment/environment.ts'
import type { InstalledProject } from '../environment/installed-project.ts'
import { InstalledProjects } from '../environment/installed-projects.ts'

/** Names of projects by path. Reads every RECORD, so ask only where it matters. */
export function remainingFiles(
  environment: Environment,
  removed: readonly InstalledProject[],
): Map<string, string> {
  const gone = new Set(removed.map(({ path }) => path))
  const owners = new Map<string, string>()
  const { projects, shadowed } = InstalledProjects.read(environment)
  for (const project of [...projects, ...shadowed]) {
    if (gone.has(project.path)) continue
    for (const { path } of project.record ?? []) {
      const whole = path.includes('..')
        ? resolve(project.location, path)
        : `${project.location}/${path}`
      owners.set(whole, project.name)
    }
  }
  return owners
}
