/** Reads what changes the requirements of others: what to leave out, and what to take instead. */

import {
  InvalidRequirement,
  normalizeName,
  parseRequirement,
  tryParseName,
  tryParseVersion,
} from '@cheeseshop/packaging'
import type { Exclusion, Override, Scope } from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'

/** `NAME`, `PROJECT:NAME` or `PROJECT==VERSION:NAME`. Throws `UsageError`. */
export function readExclusion(text: string): Exclusion {
  const { within, rest } = splitScope(text) ?? {}
  if (rest === undefined || tryParseName(rest) === undefined) {
    const hint = 'write NAME, PROJECT:NAME or PROJECT==VERSION:NAME'
    throw new UsageError(`--exclude-dependency ${text} names no project`, hint)
  }
  return { name: normalizeName(rest), ...(within && { within }) }
}

/** `REQUIREMENT`, or one for what a project or one version of it requires: `PROJECT:REQUIREMENT`. Throws `UsageError`. */
export function readOverride(text: string): Override {
  const { within, rest } = splitScope(text) ?? {}
  try {
    const requirement = parseRequirement(rest ?? '')
    return { requirement, origin: '--override-dependency', ...(within && { within }) }
  } catch (error) {
    if (!(error instanceof InvalidRequirement)) throw error
    const hint = 'write REQUIREMENT, PROJECT:REQUIREMENT or PROJECT==VERSION:REQUIREMENT'
    throw new UsageError(`--override-dependency ${text}: ${error.message}`, hint)
  }
}

/** Undefined where what stands before the colon is no project and no version of one. */
function splitScope(text: string): { within?: Scope; rest: string } | undefined {
  // A colon that belongs to a URL comes after a space or "@".
  const [, project, version, rest = ''] =
    /^(?:\s*([\w.-]*)\s*(?:==([^:@\s]*))?\s*:)?(.*)$/s.exec(text) ?? []
  if (project === undefined) return { rest: rest.trim() }
  const parsed = version === undefined ? undefined : tryParseVersion(version)
  const isWrong = tryParseName(project) === undefined || (version !== undefined && !parsed)
  return isWrong
    ? undefined
    : { within: { name: normalizeName(project), version: parsed }, rest: rest.trim() }
}
