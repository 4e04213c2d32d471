/** Everything that was asked for, as values. */

import {
  type MarkerEnvironment,
  type NormalizedName,
  type Requirement,
  type SpecifierSet,
  UndefinedMarkerComparison,
  UndefinedMarkerVariable,
} from '@cheeseshop/packaging'
import type { Exclusion, Override, StatedRequirement } from '@cheeseshop/resolver'
import type { LockRequest } from './lock-request.ts'
import type { UnnamedSource } from './read-word.ts'

export interface Inputs {
  readonly requirements: StatedRequirement[]
  /** Wanted, too: sources that must be opened to learn which project they are. */
  readonly unnamed: StatedSource[]
  readonly constraints: StatedRequirement[]
  readonly overrides: Override[]
  readonly excludes: Exclusion[]
  /** URLs of folders that are to be links to their sources. */
  readonly editables: Set<string>
  /** By project; both of requirements and of constraints. All that were given, until `settleHashes` has looked. */
  readonly hashes: Map<NormalizedName, readonly string[]>
  /** The lines they come from. */
  readonly hashLines: HashLine[]
  /** `NAME:KEY=VALUE`, for build backends. */
  readonly configSettings: string[]
  /** `KEY=VALUE` by URL, of sources that must be opened to learn which project they are. */
  readonly addressSettings: Map<string, readonly string[]>
  /** Stands alone: nothing else is asked for then. */
  lock?: LockRequest
  /** What is asked for stays away; what it requires comes. */
  onlyDependencies: boolean
  /** What scripts say of the Python that runs them. */
  readonly pythons: { readonly specifier: SpecifierSet; readonly origin: string }[]
  /** Options that files set: `index-url`, `find-links`, ... */
  readonly options: Map<string, string[]>
}

export interface HashLine {
  readonly requirement: Requirement
  readonly hashes: readonly string[]
}

export interface StatedSource {
  readonly source: UnnamedSource
  readonly origin: string
  readonly hashes: readonly string[]
  readonly configSettings: readonly string[]
}

export function emptyInputs(): Inputs {
  return {
    requirements: [],
    unnamed: [],
    constraints: [],
    overrides: [],
    excludes: [],
    editables: new Set(),
    hashes: new Map(),
    hashLines: [],
    configSettings: [],
    addressSettings: new Map(),
    pythons: [],
    onlyDependencies: false,
    options: new Map(),
  }
}

/** Whether nothing is asked for; constraints and options ask for nothing. */
export function isEmpty({ requirements, unnamed, lock }: Inputs): boolean {
  return requirements.length + unnamed.length === 0 && lock === undefined
}

export interface LineOptions {
  readonly hashes: readonly string[]
  readonly configSettings: readonly string[]
}

/** What is said of a project beside its requirement. */
export function addLineOptions(
  inputs: Inputs,
  requirement: Requirement,
  { hashes, configSettings }: LineOptions,
): void {
  const name = requirement.normalizedName
  if (hashes.length > 0) {
    inputs.hashLines.push({ requirement, hashes })
    const known = inputs.hashes.get(name) ?? []
    inputs.hashes.set(name, [...new Set([...known, ...hashes])])
  }
  inputs.configSettings.push(...configSettings.map((setting) => `${name}:${setting}`))
}

/**
 * As in pip, a file must have a hash of every line that names its project. Lines for other environments do not count:
 * locks name one version for each. Where no hash is left, none is allowed.
 */
export function settleHashes({ hashes, hashLines }: Inputs, environment: MarkerEnvironment): void {
  hashes.clear()
  for (const { requirement, hashes: own } of hashLines) {
    if (!isMeantFor(requirement, environment)) continue
    const name = requirement.normalizedName
    const known = hashes.get(name)
    hashes.set(name, known ? known.filter((hash) => own.includes(hash)) : own)
  }
}

/** The resolver leaves out what has a marker without meaning, and says so. */
export function isMeantFor({ marker }: Requirement, environment: MarkerEnvironment): boolean {
  try {
    return marker?.evaluate(environment) ?? true
  } catch (error) {
    const isSenseless =
      error instanceof UndefinedMarkerComparison || error instanceof UndefinedMarkerVariable
    if (isSenseless) return false
    throw error
  }
}
