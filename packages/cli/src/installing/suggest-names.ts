/** "Did you mean": the names that come nearest to one that no index has. */

import type { Client } from '@cheeseshop/client'
import type { InstalledProjects } from '@cheeseshop/installer'
import { describeHint, type Hint, similarNames } from '@cheeseshop/resolver'

export interface KnownNames {
  readonly client: Pick<Client, 'projectNames'>
  readonly installed: InstalledProjects
}

/** The list of a team's index is short; that of the public one takes longer than anybody waits for a hint. */
const longestList = 5_000_000

/** A sentence for each name that is near to one that is there. */
export async function suggestNames(hints: readonly Hint[], known: KnownNames): Promise<string[]> {
  const missing = hints.flatMap((hint) =>
    hint.kind === 'missing' && hint.missing.kind === 'not-found' ? [hint.name] : [],
  )
  if (missing.length === 0) return []
  const listed = await known.client.projectNames({ limit: longestList }).catch(() => [])
  const all = [...known.installed.projects.map(({ name }) => name), ...listed]
  return missing.flatMap((name) => {
    const names = [...new Set(similarNames(name, all))]
    return names.length > 0 ? [describeHint({ kind: 'did-you-mean', name, names })] : []
  })
}
