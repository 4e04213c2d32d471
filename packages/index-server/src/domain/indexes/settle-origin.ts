/** The first arrival of a name from an upstream decides its origin. */
import type { Tx } from '../../database/database.ts'
import { transactSoon } from '../../database/transact-soon.ts'
import { recordEvent } from '../activity/events.ts'
import { decideOrigin } from './name-origin.ts'
import { readNameRows } from './name-state.ts'
import type { FoundProject, Question } from './read-sources.ts'

/**
 * The question as it stands once the name has an origin. Undefined when its answer is another one by now: an upload may
 * have come first, while the upstream was asked.
 */
export async function settleOrigin(
  question: Question,
  found: readonly FoundProject[],
): Promise<Question | undefined> {
  const { domain, tree, name, origin } = question
  const arrived = found.flatMap(({ leaf, files, isKeptOut }) =>
    leaf.kind === 'upstream' && !leaf.isFormer && !isKeptOut && files.length > 0 ? [leaf] : [],
  )[0]
  if (origin.origin !== 'unclaimed' || arrived === undefined) return question
  if (question.keptOnly || domain.rules.readOnly) return question
  const indexId = arrived.index.id
  const facts = await readNameRows(domain.db, tree, name)
  if (facts.projects.length > 0) return undefined
  const arrival = { indexId, origin: 'upstream', setAt: domain.clock().toISOString() } as const
  const isFirst = decideOrigin(tree, name, facts).origin === 'unclaimed'
  const origins = isFirst ? [...facts.origins, arrival] : facts.origins
  const now = decideOrigin(tree, name, { ...facts, origins })
  if (now.origin !== 'upstream') return undefined
  // Whoever waits for the page does not wait for this: an upload that comes between is judged by what is there then, and
  // takes the name from the upstream.
  if (isFirst) domain.upstreams.follow(arrived.upstream, name, noteArrival(question, indexId))
  // The state is that of before, so the page is looked at again when the name has its origin.
  return { ...question, origin: now }
}

function noteArrival({ domain, tree, name }: Question, index: number): Promise<void> {
  return transactSoon(domain.db, async (tx: Tx) => {
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
}
