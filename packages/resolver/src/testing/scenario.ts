/** Reads the scenarios in `conformance/resolver-scenarios` and plays the index that each describes. */

import { globSync, readFileSync } from 'node:fs'
import {
  environmentsOfTags,
  formatTag,
  parseMarker,
  parseSpecifierSet,
  parseTag,
  parseVersion,
  supportedTags,
  type Tag,
} from '@cheeseshop/packaging'
import { parse } from 'smol-toml'
import type { Candidate } from '../provider.ts'
import type { ResolveChoices, ResolveRequest, Strategy } from '../request.ts'
import type { ForkStrategy, UniversalRequest } from '../universal/universal-request.ts'
import { linux, type Release, stated, type World } from './universe.ts'

/** The part of the format that resolution within one environment has to do with. */
export interface Scenario {
  readonly id: string
  readonly root: { readonly requires: readonly string[]; readonly requires_python?: string }
  readonly packages?: Readonly<Record<string, { versions: Record<string, ScenarioRelease> }>>
  readonly expected: {
    readonly satisfiable: boolean
    readonly packages?: Readonly<Record<string, string>>
  }
  readonly environment?: { readonly python?: string }
  readonly resolver_options?: {
    readonly python?: string
    readonly prereleases?: boolean
    readonly no_build?: readonly string[]
    readonly no_binary?: readonly string[]
    readonly universal?: boolean
    readonly resolution?: Strategy
    readonly required_environments?: readonly string[]
  }
}

export interface ScenarioRelease {
  readonly requires?: readonly string[]
  readonly requires_python?: string
  readonly extras?: Readonly<Record<string, readonly string[]>>
  readonly sdist?: boolean
  readonly wheel?: boolean
  readonly yanked?: boolean
  readonly wheel_tags?: readonly string[]
}

const folder = new URL('../../../../conformance/resolver-scenarios/', import.meta.url)

export function readScenarios(): Scenario[] {
  const paths = globSync('*/*.toml', { cwd: folder }).sort()
  return paths.map((path) => {
    const scenario = parse(readFileSync(new URL(path, folder), 'utf8')) as unknown as Scenario
    return { ...scenario, id: path.replaceAll('\\', '/').slice(0, -'.toml'.length) }
  })
}

/** Where we answer otherwise than uv: by the reason, then scenario, the lines of our answer. */
export function readDeviations(): Map<string, Record<string, string[]>> {
  const text = readFileSync(new URL('../resolver-scenarios-deviations.json', folder), 'utf8')
  return new Map(Object.entries(JSON.parse(text)))
}

/** What pip answered, by scenario: versions by name, or `null` where it found none. */
export function readPipAnswers(): Map<string, Record<string, string> | null> {
  const text = readFileSync(new URL('pip.json', folder), 'utf8')
  return new Map(Object.entries(JSON.parse(text).answers))
}

export function requestOf(scenario: Scenario): ResolveRequest {
  const python = pythonOf(scenario)
  return {
    ...choicesOf(scenario),
    environment: linux(python),
    pythonVersion: parseVersion(python),
  }
}

function choicesOf({ root, resolver_options }: Scenario): ResolveChoices {
  const { prereleases, resolution = 'highest' } = resolver_options ?? {}
  return {
    requirements: stated(root.requires, 'the scenario'),
    strategy: resolution,
    prereleases: prereleases ? 'allow' : 'if-necessary',
  }
}

/** What uv answered for many environments: the lines of requirements.txt by strategy, or `null` where it found none. */
export function readUniversalAnswers(): {
  readonly settings: Record<string, { readonly environments?: readonly string[] }>
  readonly answers: Record<string, Record<ForkStrategy, string[] | null>>
} {
  return JSON.parse(readFileSync(new URL('uv-universal.json', folder), 'utf8'))
}

export function universalRequestOf(scenario: Scenario): UniversalRequest {
  const { required_environments: required } = scenario.resolver_options ?? {}
  const [lowest = ''] = (scenario.root.requires_python ?? '>=3.12').split(',')
  return {
    ...choicesOf(scenario),
    // uv cannot be asked about Python 0, and compiles for all that come after the lowest.
    requiresPython: parseSpecifierSet(lowest === '>=0' ? '>=3.0' : lowest),
    ...(required && { requiredEnvironments: required.map(parseMarker) }),
  }
}

export function worldOf(scenario: Scenario): World {
  const supported = new Set(tagsOf(scenario).map(formatTag))
  return Object.fromEntries(
    Object.entries(scenario.packages ?? {}).map(([name, { versions }]) => [
      name,
      Object.fromEntries(
        Object.entries(versions ?? {}).map(([version, release]) => [
          version,
          scenario.resolver_options?.universal
            ? { ...releaseOf(release, undefined), runsOn: runsOnOf(release) }
            : releaseOf(release, refusalOf(name, release, scenario, supported)),
        ]),
      ),
    ]),
  )
}

/** Of the Linux on which scenarios for one environment are played. */
export function tagsOf(scenario: Scenario): Tag[] {
  const [major, minor] = pythonOf(scenario).split('.').map(Number)
  return supportedTags({
    implementation: 'cpython',
    version: [major!, minor!],
    platform: { platform: 'linux', arch: 'x86_64', glibc: [2, 17] },
  })
}

function pythonOf({ resolver_options, environment }: Scenario): string {
  return resolver_options?.python ?? environment?.python ?? '3.12'
}

function releaseOf(release: ScenarioRelease, incompatible: Candidate['incompatible']): Release {
  return {
    requires: release.requires ?? [],
    extras: release.extras ?? {},
    // The format says so.
    python: release.requires_python ?? '>=3.12',
    ...(release.yanked ? { yanked: '' } : {}),
    incompatible,
  }
}

/** An sdist runs everywhere. */
function runsOnOf({ sdist, wheel_tags = ['py3-none-any'] }: ScenarioRelease): Candidate['runsOn'] {
  return sdist === false
    ? environmentsOfTags(wheel_tags.flatMap((tag) => parseTag(tag)))
    : undefined
}

/** Why no file of a release can be used, as the client will find. */
function refusalOf(
  name: string,
  release: ScenarioRelease,
  { resolver_options: options = {} }: Scenario,
  supported: ReadonlySet<string>,
): Candidate['incompatible'] {
  const hasSdist = release.sdist !== false
  const mayBuild = hasSdist && !options.no_build?.includes(name)
  const wheels = release.wheel === false ? [] : (release.wheel_tags ?? ['py3-none-any'])
  const fitting = wheels.some((tag) => parseTag(tag).some((each) => supported.has(formatTag(each))))
  if (mayBuild || (fitting && !options.no_binary?.includes(name))) return undefined
  if (fitting) return { kind: 'no-binary', message: 'has wheels only, which may not be used' }
  if (hasSdist) return { kind: 'only-binary', message: 'has no wheel, and may not be built' }
  return { kind: 'tags', message: `has no wheel for this interpreter (${wheels.join(', ')})` }
}
