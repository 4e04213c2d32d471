/** The first arrival of a name from an upstream decides its origin. */
import { transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import { decideOrigin } from './name-origin.ts'
import { readNameRows } from './name-state.ts'
import type { FoundProject, Question } from './read-sources.ts'

/** True when the name has another origin than the question was asked with, so that it has to be asked again. */
export async function settleOrigin(
  { domain, tree, name, origin }: Question,
  found: readonly FoundProject[],
): Promise<boolean> {
  const arrived = found.find(({ leaf, files }) => leaf.kind === 'upstream' && files.length > 0)
  if (origin !== 'unclaimed' || arrived === undefined || domain.rules.readOnly) return false
  const index = arrived.leaf.index.id
  await transact(domain.db, async (tx) => {
    // An upload may have come first meanwhile.
    const now = decideOrigin(tree, name, await readNameRows(tx, tree, name))
    if (now.origin !== 'unclaimed') return
    const at = domain.clock()
    await tx
      .insertInto('name_origins')
      .values({
        ...{ index_id: index, normalized_name: name, origin: 'upstream' },
        ...{ set_at: at.toISOString(), set_by: null },
      })
      .execute()
    const facts = { name, origin: 'upstream', from: 'unclaimed' } as const
    await recordEvent(tx, { type: 'origin-set', at, actor: 'first arrival', index, facts })
  })
  return true
}
