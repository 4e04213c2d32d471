/** Small invented worlds for tests: projects, versions and what they ask for, written down in a few words. */

import {
  type MarkerEnvironment,
  type NormalizedName,
  normalizeName,
  parseRequirement,
  parseSpecifierSet,
  parseVersion,
} from '@cheeseshop/packaging'
import type { Candidate, Candidates, Dependencies, PrefetchHint, Provider } from '../provider.ts'
import type { ResolveRequest, StatedRequirement } from '../request.ts'
import type { Resolution } from '../resolution.ts'

/** What one version is like; a list stands for its requirements. */
export interface Release {
  readonly requires?: readonly string[]
  readonly extras?: Readonly<Record<string, readonly string[]>>
  readonly python?: string
  /** The Requires-Python that only the metadata tell. */
  readonly laterPython?: string
  readonly yanked?: string
  readonly incompatible?: Candidate['incompatible']
  readonly runsOn?: Candidate['runsOn']
  readonly unavailable?: string
}

/** Project -> version -> release. A version may be followed by ` @ URL`. */
export type World = Readonly<Record<string, Readonly<Record<string, Release | readonly string[]>>>>

/** Answers from a world and counts what is asked. */
export class WorldProvider implements Provider {
  readonly asked: string[] = []
  readonly hints: PrefetchHint[] = []
  readonly #world: World
  readonly #delay: boolean
  readonly #candidates = new Map<string, Candidates>()

  constructor(world: World, options: { readonly answersLater?: boolean } = {}) {
    this.#world = world
    this.#delay = options.answersLater === true
  }

  candidates(name: NormalizedName, url?: string): Candidates | Promise<Candidates> {
    const key = url === undefined ? name : `${name} @ ${url}`
    const known = this.#candidates.get(key)
    if (known) return known
    const found = this.#find(name, url)
    this.#candidates.set(key, found)
    return this.#delay ? Promise.resolve(found) : found
  }

  dependencies(candidate: Candidate): Dependencies | Promise<Dependencies> {
    this.asked.push(`${candidate.name} ${candidate.version}`)
    const dependencies = readDependencies(candidate.source as Release)
    return this.#delay ? Promise.resolve(dependencies) : dependencies
  }

  prefetch(hint: PrefetchHint): void {
    this.hints.push(hint)
  }

  knownNames(): Iterable<string> {
    return Object.keys(this.#world)
  }

  #find(name: NormalizedName, url: string | undefined): Candidates {
    const project = this.#world[name]
    if (project === undefined) {
      return {
        versions: [],
        missing: { kind: 'not-found', message: 'the index has no such project' },
      }
    }
    const versions = Object.entries(project).flatMap(([key, entry]) => {
      const [version = '', where] = key.split(' @ ')
      if (where !== url) return []
      const release: Release = isList(entry) ? { requires: entry } : entry
      return [
        {
          name,
          version: parseVersion(version),
          url,
          isYanked: release.yanked !== undefined,
          yankedReason: release.yanked || undefined,
          requiresPython:
            release.python === undefined ? undefined : parseSpecifierSet(release.python),
          incompatible: release.incompatible,
          runsOn: release.runsOn,
          source: release,
        },
      ]
    })
    return { versions }
  }
}

function readDependencies(release: Release): Dependencies {
  if (release.unavailable !== undefined) {
    return { unavailable: { kind: 'metadata', message: release.unavailable } }
  }
  const extras = Object.entries(release.extras ?? {})
  const ofExtras = extras.flatMap(([extra, list]) =>
    list.map((text) => addCondition(text, `extra == "${extra}"`)),
  )
  return {
    requires: [...(release.requires ?? []), ...ofExtras].map(parseRequirement),
    requiresPython:
      release.laterPython === undefined ? undefined : parseSpecifierSet(release.laterPython),
    providesExtra: extras.map(([extra]) => normalizeName(extra)),
  }
}

function addCondition(requirement: string, condition: string): string {
  const [wanted, marker] = requirement.split(';')
  return marker ? `${wanted}; (${marker}) and ${condition}` : `${requirement} ; ${condition}`
}

function isList(entry: Release | readonly string[]): entry is readonly string[] {
  return Array.isArray(entry)
}

/** A Linux with CPython. */
export function linux(python = '3.12'): MarkerEnvironment {
  const [major, minor, micro = '0'] = python.split('.')
  return {
    implementation_name: 'cpython',
    implementation_version: `${major}.${minor}.${micro}`,
    os_name: 'posix',
    platform_machine: 'x86_64',
    platform_python_implementation: 'CPython',
    platform_release: '6.1.0',
    platform_system: 'Linux',
    platform_version: '#1 SMP',
    python_full_version: `${major}.${minor}.${micro}`,
    python_version: `${major}.${minor}`,
    sys_platform: 'linux',
  }
}

export function stated(texts: readonly string[], origin = 'the command line'): StatedRequirement[] {
  return texts.map((text) => ({ requirement: parseRequirement(text), origin }))
}

/** A request for these requirements on Linux. */
export function asking(
  requirements: readonly string[],
  options: Partial<ResolveRequest> = {},
): ResolveRequest {
  const python = '3.12'
  return {
    requirements: stated(requirements),
    environment: linux(python),
    pythonVersion: parseVersion(python),
    ...options,
  }
}

/** Name -> version of what was chosen. */
export function versionsOf({ pins }: Resolution): Record<string, string> {
  return Object.fromEntries([...pins].map(([name, pin]) => [name, `${pin.candidate.version}`]))
}
