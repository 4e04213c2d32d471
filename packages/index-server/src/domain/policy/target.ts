/** Targets: which projects, and which of their versions, a rule or an exemption speaks of. */
import {
  type NormalizedName,
  normalizeName,
  tryParseName,
  tryParseSpecifierSet,
} from '@cheeseshop/packaging'
import type { Target } from './policy-rule.ts'

/** Reads `flask`, `acme-*`, `*` or `flask>=3,<4`; `undefined` for anything else. */
export function tryParseTarget(text: string): Target | undefined {
  const match = /^([A-Za-z0-9._-]{0,300})(\*?)\s*([<>=!~].{0,500})?$/.exec(text.trim())
  if (match === null) return undefined
  const [, name = '', star, range] = match
  const isPrefix = star === '*'
  const versions = range === undefined ? undefined : tryParseSpecifierSet(range)
  if (range !== undefined && versions === undefined) return undefined
  if (!isPrefix && tryParseName(name) === undefined) return undefined
  const normalized = normalizeName(name) as NormalizedName | ''
  return { text: text.trim(), name: normalized, isPrefix, ...(versions && { versions }) }
}

/** Whether it speaks of some version of the project. */
export function targetNames({ name, isPrefix }: Target, project: NormalizedName): boolean {
  return isPrefix ? project.startsWith(name) : project === name
}

export function targetCovers(target: Target, project: NormalizedName, version: string): boolean {
  if (!targetNames(target, project)) return false
  const { versions } = target
  return versions?.contains(version, { prereleases: true }) ?? true
}
