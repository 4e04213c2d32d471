/** The first arrival of a name from an upstream decides its origin. */
import { type Tx, transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import { decideOrigin } from './name-origin.ts'
import { type NameState, readNameRows, readNameState } from './name-state.ts'
import type { FoundProject, Question } from './read-sources.ts'

/**
 * The question as it stands once the name has an origin. Undefined when its answer is another one by now: an upload may
 * have come first meanwhile, or an upstream has changed what was found.
 */
export async function settleOrigin(
  question: Question,
  found: readonly FoundProject[],
): Promise<Question | undefined> {
  const { domain, tree, name, origin } = question
  const arrived = found.find(
    ({ leaf, files }) => leaf.kind === 'upstream' && !leaf.isFormer && files.length > 0,
  )
  if (origin.origin !== 'unclaimed' || arrived === undefined) return question
  if (question.keptOnly || domain.rules.readOnly) return question
  await noteArrival(question, arrived)
  const settled = await readNameState(domain, tree, name)
  const now = decideOrigin(tree, name, settled)
  const isSame = now.origin === 'upstream' && settled.projects.length === 0
  return isSame && isOf(settled, found) ? { ...question, state: settled, origin: now } : undefined
}

/** Whether the revisions are of what was found, and of nothing else. */
function isOf({ revisions }: NameState, found: readonly FoundProject[]): boolean {
  const read = found.filter(({ leaf }) => leaf.kind === 'upstream')
  const isRead = ({ leaf, revision }: FoundProject) =>
    leaf.kind === 'upstream' && revisions.get(leaf.upstream.id) === revision
  return read.length === revisions.size && read.every(isRead)
}

async function noteArrival({ domain, tree, name }: Question, arrived: FoundProject): Promise<void> {
  const index = arrived.leaf.index.id
  const settle = async (tx: Tx) => {
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
  }
  // Relaxed: whoever waits for the page need not wait for the disk, and a name whose arrival is lost arrives again.
  await transact(domain.db, settle, 'relaxed')
}
