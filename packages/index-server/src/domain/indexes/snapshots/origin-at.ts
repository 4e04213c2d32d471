/** Where the files of a name came from at a moment. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { sql } from 'kysely'
import type { Database } from '../../../database/database.ts'
import type { NameOrigin } from '../../../database/schema.ts'
import type { IndexTree } from '../index-tree.ts'
import {
  decideOrigin,
  type NameFacts,
  type Origin,
  type OriginDecision,
  type OriginFact,
} from '../name-origin.ts'
import type { PackageIndex } from '../package-index.ts'
import type { Moment } from './moment.ts'

/** By the indexes that were read then, what their owners had decided by then, and what they had claimed. */
export async function decideOriginAt(
  db: Database,
  tree: IndexTree,
  name: NormalizedName,
  { facts, at }: { facts: NameFacts; at: Moment },
): Promise<OriginDecision> {
  const past = tree.atMoment ?? tree
  const indexes = await claimsAt(db, past.indexes, at)
  const origins = await Promise.all(facts.origins.map((fact) => factAt(db, fact, { name, at })))
  const then = { ...past, index: indexes[0] ?? past.index, indexes }
  return decideOrigin(then, name, {
    ...facts,
    origins: origins.filter((each) => each !== undefined),
  })
}

/** Claims as they are, with what was done since undone, the last first. */
async function claimsAt(
  db: Database,
  indexes: readonly PackageIndex[],
  { serial }: Moment,
): Promise<PackageIndex[]> {
  const events = await db
    .selectFrom('events')
    .select(['index_id', 'type', 'facts'])
    .where('type', 'in', ['name-claimed', 'name-released'])
    .where('version', 'is', null)
    .where('id', '>', serial)
    .orderBy('id', 'desc')
    .execute()
  return indexes.map((index) => {
    const claims = new Set(index.claims)
    for (const { index_id, type, facts } of events) {
      if (index_id !== index.id) continue
      const { pattern } = JSON.parse(facts) as { pattern: string }
      if (type === 'name-claimed') claims.delete(pattern)
      else claims.add(pattern)
    }
    return { ...index, claims: [...claims].sort() }
  })
}

/** What followed from the first arrival never changes. What an owner decided is in the log, and what was before it. */
async function factAt(
  db: Database,
  fact: OriginFact,
  { name, at }: { name: NormalizedName; at: Moment },
): Promise<OriginFact | undefined> {
  const setAt = Date.parse(fact.setAt)
  if (fact.setBy === undefined) return setAt <= at.time.getTime() ? fact : undefined
  if (setAt < at.time.getTime()) return fact
  const decided = db
    .selectFrom('events')
    .select(['at', 'actor', 'facts'])
    // Word for word what the index of these events is of: of names that only arrived there may be half a million.
    .where(sql<boolean>`type = 'origin-set' and actor <> 'first arrival'`)
    .where('index_id', '=', fact.indexId)
    .where('facts', 'like', `%"name":${JSON.stringify(name)}%`)
    .limit(1)
  const before = await decided.where('id', '<=', at.serial).orderBy('id', 'desc').executeTakeFirst()
  if (before) {
    const { origin } = JSON.parse(before.facts) as { origin: NameOrigin }
    return { indexId: fact.indexId, origin, setBy: before.actor, setAt: before.at }
  }
  const next = await decided.where('id', '>', at.serial).orderBy('id').executeTakeFirst()
  const { from = 'unclaimed' } = JSON.parse(next?.facts ?? '{}') as { from?: Origin }
  return from === 'unclaimed'
    ? undefined
    : { indexId: fact.indexId, origin: from, setAt: fact.setAt }
}
