/** The versions of a lock that is there: they stay as long as they fit. */

import { existsSync, readFileSync } from 'node:fs'
import {
  type NormalizedName,
  parsePylock,
  tryParseRequirement,
  tryParseVersion,
  type Version,
} from '@cheeseshop/packaging'

export function readPreferences(path: string, isPylock: boolean): Map<NormalizedName, Version> {
  if (!existsSync(path)) return new Map()
  const text = readFileSync(path, 'utf8')
  const pins = isPylock
    ? parsePylock(text).packages.map(({ name, version }) => [name, version] as const)
    : text.split('\n').map((line) => pinOf(line.replace(/\s*\\$/, '')))
  return new Map(pins.flatMap((pin) => (pin?.[1] ? [[pin[0], pin[1]] as const] : [])))
}

function pinOf(line: string): readonly [NormalizedName, Version | undefined] | undefined {
  const requirement = line.startsWith('#') ? undefined : tryParseRequirement(line)
  const [only, ...more] = requirement?.specifier.specifiers ?? []
  if (!requirement || only?.operator !== '==' || more.length > 0) return undefined
  return [requirement.normalizedName, tryParseVersion(only.version)]
}
