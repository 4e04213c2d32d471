/** Whether what is installed fits together: who requires what, what is missing, and what has the wrong version. */

import {
  type MarkerEnvironment,
  type NormalizedName,
  normalizeName,
  type Requirement,
  tryParseRequirement,
  tryParseSpecifierSet,
  UndefinedMarkerComparison,
  type Version,
} from '@cheeseshop/packaging'
import type { InstalledProject } from './environment/installed-project.ts'

export interface InstalledSet {
  get(name: NormalizedName): InstalledProject | undefined
}

/** Something wrong with one installed project. */
export interface Inconsistency {
  readonly kind: 'missing' | 'wrong-version' | 'wrong-python'
  readonly project: InstalledProject
  readonly requirement: Requirement | undefined
  /** What is installed of what is required. */
  readonly found: Version | undefined
  /** A sentence. */
  readonly message: string
}

/** The requirements of a project that are in force, for itself and the extras. What cannot be read is left out. */
export function requirementsOf(
  project: InstalledProject,
  environment: MarkerEnvironment,
  extras: readonly string[] = [],
): Requirement[] {
  return project.metadata.requiresDist.flatMap((text) => {
    const requirement = tryParseRequirement(text)
    return requirement && holds(requirement, environment, extras) ? [requirement] : []
  })
}

/** Everything that does not fit, project by project. */
export function findInconsistencies(
  projects: Iterable<InstalledProject>,
  installed: InstalledSet,
  environment: MarkerEnvironment,
): Inconsistency[] {
  return [...projects].flatMap((project) => [
    ...findPythonFault(project, environment),
    ...requirementsOf(project, environment).flatMap((requirement) => {
      const found = installed.get(requirement.normalizedName)
      if (found && accepts(requirement, found)) return []
      return [brokenRequirement(project, requirement, found)]
    }),
  ])
}

/**
 * Whether requirements and all that they need in turn are met. A requirement with a URL is met by what came from that URL.
 */
export function isSatisfied(
  requirements: Iterable<Requirement>,
  installed: InstalledSet,
  environment: MarkerEnvironment,
): boolean {
  const seen = new Set<string>()
  const queue = [...requirements].filter((each) => holds(each, environment, []))
  for (const requirement of queue) {
    const project = installed.get(requirement.normalizedName)
    if (!project || !accepts(requirement, project)) return false
    const extras = requirement.extras.map(normalizeName)
    const key = `${project.name}[${extras.toSorted()}]`
    if (seen.has(key)) continue
    seen.add(key)
    if (findPythonFault(project, environment).length > 0) return false
    queue.push(...requirementsOf(project, environment, extras))
  }
  return true
}

function accepts(requirement: Requirement, project: InstalledProject): boolean {
  if (requirement.url !== undefined) {
    const url = requirement.url.split('#')[0]!
    return !url.startsWith('file:') && project.directUrl?.url === url
  }
  // What is installed was wanted once, so it may be a pre-release.
  return requirement.specifier.contains(project.version, { prereleases: true })
}

function findPythonFault(
  project: InstalledProject,
  environment: MarkerEnvironment,
): Inconsistency[] {
  const text = project.metadata.requiresPython
  const wanted = text === undefined ? undefined : tryParseSpecifierSet(text)
  const python = environment.python_full_version.replace(/\+$/, '')
  if (wanted === undefined || wanted.contains(python, { prereleases: true })) return []
  const message = `${project.metadata.name} ${project.version} requires Python ${wanted}, and this is ${python}.`
  return [{ kind: 'wrong-python', project, requirement: undefined, found: undefined, message }]
}

/** The sentences are pip's, which scripts look for. */
function brokenRequirement(
  project: InstalledProject,
  requirement: Requirement,
  found: InstalledProject | undefined,
): Inconsistency {
  const { name } = project.metadata
  const message = found
    ? `${name} ${project.version} has requirement ${requirement}, but you have ${found.name} ${found.version}.`
    : `${name} ${project.version} requires ${requirement.name}, which is not installed.`
  const kind = found ? 'wrong-version' : 'missing'
  return { kind, project, requirement, found: found?.version, message }
}

function holds(
  { marker }: Requirement,
  environment: MarkerEnvironment,
  extras: readonly string[],
): boolean {
  try {
    return marker?.evaluate(environment, { extras }) ?? true
  } catch (error) {
    if (error instanceof UndefinedMarkerComparison) return false
    throw error
  }
}
