/** Hash mode, as pip has it: everything is pinned, and every file has one of the hashes given. */

import type { Resolution } from '@cheeseshop/resolver'
import { UsageError } from '../report/usage-error.ts'
import type { Inputs } from '../requirements/inputs.ts'

const hint =
  'hash mode is on because of --require-hashes or a --hash; --no-require-hashes turns it off'

/** Throws `UsageError` for a requirement without a version or without a hash. */
export function requireHashes({ requirements, constraints, hashes }: Inputs): void {
  // Both may stand in a file of constraints.
  const constrained = new Set(constraints.map(({ requirement }) => requirement.normalizedName))
  const loose = requirements.filter(({ requirement: { normalizedName, specifier, url } }) => {
    const isPinned = specifier.specifiers.some(
      ({ operator }) => operator === '==' || operator === '===',
    )
    return !isPinned && url === undefined && !constrained.has(normalizedName)
  })
  if (loose.length > 0) {
    const names = loose.map(({ requirement }) => requirement.toString()).join(', ')
    throw new UsageError(
      `in hash mode one version must be asked for with ==, and is not for: ${names}`,
      hint,
    )
  }
  const bare = requirements.filter(
    ({ requirement }) =>
      !hashes.has(requirement.normalizedName) && !/#.*sha\d+=/.test(requirement.url ?? ''),
  )
  if (bare.length > 0) {
    const names = bare.map(({ requirement }) => requirement.toString()).join(', ')
    throw new UsageError(
      `in hash mode everything needs a --hash, and these have none: ${names}`,
      hint,
    )
  }
  const torn = requirements.find(
    ({ requirement }) => hashes.get(requirement.normalizedName)?.length === 0,
  )
  if (torn) {
    throw new UsageError(
      `no file of ${torn.requirement.name} can be right: the lines that give hashes for it have none in common`,
      'a file must have a hash of every line that names its project, as with pip; write all of them into one line',
    )
  }
}

/** Throws `UsageError` for what others require and nobody gave a hash for. */
export function checkHashes({ pins }: Resolution, { hashes }: Inputs): void {
  const missing = [...pins.values()].filter(
    ({ candidate }) => !hashes.has(candidate.name) && candidate.url === undefined,
  )
  if (missing.length === 0) return
  const names = missing.map(({ candidate }) => `${candidate.name}==${candidate.version}`).join(', ')
  throw new UsageError(
    `in hash mode everything needs a --hash, and these are required by others: ${names}`,
    hint,
  )
}
