/** The versions of a lock that is there: they stay as long as they fit. */

import { existsSync, readFileSync, statSync } from 'node:fs'
import {
  type Marker,
  type MarkerEnvironment,
  type NormalizedName,
  parsePylock,
  tryParseMarker,
  tryParseRequirement,
  tryParseVersion,
  type Version,
} from '@cheeseshop/packaging'
import type { Preference } from '@cheeseshop/resolver'

export interface EarlierLock {
  readonly preferences: readonly Preference[]
  /** The parts it was answered in, where it is for many environments. */
  readonly forks: readonly Marker[]
}

/** The versions of these projects are not kept to. */
export function without(leaving: ReadonlySet<string>, lock: EarlierLock): EarlierLock {
  return { ...lock, preferences: lock.preferences.filter(({ name }) => !leaving.has(name)) }
}

export const noLock: EarlierLock = { preferences: [], forks: [] }

/** Throws `InvalidPylock`. */
export function readEarlierLock(path: string, isPylock: boolean): EarlierLock {
  // What is written to /dev/stdout was never there to be read.
  if (!existsSync(path) || !statSync(path).isFile()) return noLock
  const text = readFileSync(path, 'utf8')
  if (!isPylock) {
    const lines = text.split('\n').map((line) => line.replace(/\s*\\$/, ''))
    return { preferences: lines.flatMap((line) => pinOf(line) ?? []), forks: [] }
  }
  const { packages, tool } = parsePylock(text)
  const preferences = packages.flatMap(({ name, version, marker }) =>
    version === undefined ? [] : [{ name, version, marker }],
  )
  return { preferences, forks: readForks(tool) }
}

/** The versions that it has for one environment. */
export function preferencesFor(
  environment: MarkerEnvironment,
  { preferences }: EarlierLock,
): Map<NormalizedName, Version> {
  const here = preferences.filter(({ marker }) => marker?.evaluate(environment) ?? true)
  return new Map(here.map(({ name, version }) => [name, version]))
}

/** What anybody may have written there. */
function readForks(tool: Readonly<Record<string, unknown>> | undefined): Marker[] {
  const own = tool?.['cheese']
  const forks = typeof own === 'object' && own !== null && 'forks' in own ? own.forks : []
  if (!Array.isArray(forks)) return []
  return forks.flatMap((text) => (typeof text === 'string' ? (tryParseMarker(text) ?? []) : []))
}

function pinOf(line: string): Preference | undefined {
  const requirement = line.startsWith('#') ? undefined : tryParseRequirement(line)
  const [only, ...more] = requirement?.specifier.specifiers ?? []
  if (!requirement || only?.operator !== '==' || more.length > 0) return undefined
  const version = tryParseVersion(only.version)
  const { normalizedName: name, marker } = requirement
  return version && { name, version, marker }
}
