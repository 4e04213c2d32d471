/** "Did you mean": the names that come nearest to one that no index has. */

import type { Client } from '@cheeseshop/client'
import type { InstalledProjects } from '@cheeseshop/installer'
import { type Hint, similarNames } from '@cheeseshop/resolver'

export interface KnownNames {
  readonly client: Pick<Client, 'projectNames'>
  readonly installed: InstalledProjects
}

/**
 * The list of a team's index is short; that of the public one takes longer than anybody waits for a hint, so that it is
 * used only where `cheese search` fetched it.
 */
const longestList = 5_000_000

/** The hints, of which those about a name that is near to one that is there say so. */
export async function suggestNames(hints: readonly Hint[], known: KnownNames): Promise<Hint[]> {
  if (!hints.some(isUnknownName)) return [...hints]
  const listed = await known.client.projectNames({ limit: longestList }).catch(() => [])
  const all = [...known.installed.projects.map(({ name }) => name), ...listed]
  return hints.map((hint) => {
    const names = isUnknownName(hint) ? [...new Set(similarNames(hint.name, all))] : []
    return names.length > 0 ? { kind: 'did-you-mean', name: hint.name, names } : hint
  })
}

function isUnknownName(hint: Hint): boolean {
  return hint.kind === 'missing' && hint.missing.kind === 'not-found'
}
