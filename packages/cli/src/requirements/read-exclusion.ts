/** Reads what `--exclude-dependency` names: a project, or a project as another one requires it. */

import { normalizeName, tryParseName, tryParseVersion } from '@cheeseshop/packaging'
import type { Exclusion } from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'

/** `NAME`, `PROJECT:NAME` or `PROJECT==VERSION:NAME`. Throws `UsageError`. */
export function readExclusion(text: string): Exclusion {
  const [, project, version, name = ''] = /^(?:([^:=]+)(?:==([^:]+))?:)?([^:]+)$/.exec(text) ?? []
  const parsed = version === undefined ? undefined : tryParseVersion(version)
  const isWrong = [name, project ?? name].some((each) => tryParseName(each.trim()) === undefined)
  if (isWrong || (version !== undefined && parsed === undefined)) {
    const hint = 'write NAME, PROJECT:NAME or PROJECT==VERSION:NAME'
    throw new UsageError(`--exclude-dependency ${text} names no project`, hint)
  }
  const excluded = normalizeName(name.trim())
  if (project === undefined) return { name: excluded }
  return { name: excluded, within: { name: normalizeName(project.trim()), version: parsed } }
}
