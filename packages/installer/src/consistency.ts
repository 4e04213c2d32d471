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
import { isSurelyFrom } from './resolve/direct-address.ts'

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
  return project.needs.requiresDist.flatMap((text) => {
    if (extras.length === 0 && isForExtraAlone.test(text)) return []
    const requirement = tryParseRequirement(text)
    return requirement && holds(requirement, environment, extras) ? [requirement] : []
  })
}

/** A marker that asks for an extra and offers nothing else: most requirements there are, told without parsing them. */
const isForExtraAlone = /^(?!.*\bor\b)[^;]*;.*\bextra\s*==/s

/** Everything that does not fit, project by project. */
export function findInconsistencies(
  projects: Iterable<InstalledProject>,
  installed: InstalledSet,
  environment: MarkerEnvironment,
): Inconsistency[] {
  const findPythonFault = pythonCheck(environment)
  return [...projects].flatMap((project) => [
    ...findPythonFault(project),
    ...requirementsOf(project, environment).flatMap((requirement) => {
      const found = installed.get(requirement.normalizedName)
      if (found && fits(requirement, found)) return []
      return [brokenRequirement(project, requirement, found)]
    }),
  ])
}

/**
 * Whether requirements and all that they need in turn are met. One with a URL is met by what came from there, as far as
 * that can be told without looking: a folder or a branch may have changed.
 */
export function isSatisfied(
  requirements: Iterable<Requirement>,
  installed: InstalledSet,
  environment: MarkerEnvironment,
): boolean {
  return findSatisfying(requirements, installed, environment) !== undefined
}

/** The projects that meet them, each once; undefined where they are not met. */
export function findSatisfying(
  requirements: Iterable<Requirement>,
  installed: InstalledSet,
  environment: MarkerEnvironment,
): ReadonlySet<InstalledProject> | undefined {
  const found = new Set<InstalledProject>()
  const seen = new Set<string>()
  const queue = [...requirements].filter((each) => holds(each, environment, []))
  const stated = new Set(queue)
  const findPythonFault = pythonCheck(environment)
  for (const requirement of queue) {
    const project = installed.get(requirement.normalizedName)
    if (!project || !fits(requirement, project)) return undefined
    const { url } = requirement
    if (url !== undefined && stated.has(requirement) && !isSurelyFrom(project.directUrl, url)) {
      return undefined
    }
    const extras = requirement.extras.map(normalizeName)
    const key = `${project.name}[${extras.toSorted()}]`
    if (seen.has(key)) continue
    seen.add(key)
    found.add(project)
    if (findPythonFault(project).length > 0) return undefined
    queue.push(...requirementsOf(project, environment, extras))
  }
  return found
}

/** Where a project is required by a URL, pip does not ask where the installed one came from. */
function fits({ url, specifier }: Requirement, { version }: InstalledProject): boolean {
  // What is installed was wanted once, so it may be a pre-release.
  return url !== undefined || specifier.contains(version, { prereleases: true })
}

/** Most projects ask for one of a few sets of Pythons, each of which is read once. */
function pythonCheck(environment: MarkerEnvironment) {
  const python = environment.python_full_version.replace(/\+$/, '')
  const known = new Map<string, boolean>()
  const isMet = (text: string) => {
    const met = tryParseSpecifierSet(text)?.contains(python, { prereleases: true }) ?? true
    known.set(text, met)
    return met
  }
  return (project: InstalledProject): Inconsistency[] => {
    const text = project.needs.requiresPython
    if (text === undefined || (known.get(text) ?? isMet(text))) return []
    const wanted = tryParseSpecifierSet(text)
    const message = `${project.name} ${project.version} requires Python ${wanted}, and this is ${python}.`
    return [{ kind: 'wrong-python', project, requirement: undefined, found: undefined, message }]
  }
}

/** The sentences are pip's, which scripts look for, with its normalized names. */
function brokenRequirement(
  project: InstalledProject,
  requirement: Requirement,
  found: InstalledProject | undefined,
): Inconsistency {
  const { name, version } = project
  const message = found
    ? `${name} ${version} has requirement ${requirement}, but you have ${found.name} ${found.version}.`
    : `${name} ${version} requires ${requirement.normalizedName}, which is not installed.`
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
