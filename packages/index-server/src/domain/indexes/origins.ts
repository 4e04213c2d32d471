/** What an owner decides about names: their origin, and claims made before there is anything. */
import { normalizeName, tryParseName } from '@cheeseshop/packaging'
import { transact } from '../../database/database.ts'
import type { NameOrigin } from '../../database/schema.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { tryParseClaim } from './claims.ts'
import type { IndexTree } from './index-tree.ts'
import { touchIndex } from './indexes.ts'
import { decideOrigin, type OriginDecision } from './name-origin.ts'
import { readNameRows } from './name-state.ts'
import { requireOwnedIndex } from './require-index.ts'

export const nameOrigins = ['hosted', 'upstream', 'both'] as const satisfies readonly NameOrigin[]

export interface OriginChange {
  readonly index: string
  /** In any spelling. */
  readonly name: string
  readonly origin: NameOrigin
}

/** As it is decided for the index, whoever decided it. */
export async function readOrigin(
  { db }: Domain,
  tree: IndexTree,
  name: string,
): Promise<OriginDecision> {
  const normalized = requireName(name)
  return decideOrigin(tree, normalized, await readNameRows(db, tree, normalized))
}

/** Returns the serial of the change. */
export async function setOrigin(
  domain: Domain,
  identity: Identity,
  { index: indexName, name, origin }: OriginChange,
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const tree = await requireOwnedIndex(tx, domain, identity, indexName)
    const { index } = tree
    const normalized = requireName(name)
    const before = decideOrigin(tree, normalized, await readNameRows(tx, tree, normalized))
    const at = domain.clock()
    const decided = { origin, set_at: at.toISOString(), set_by: identity.username }
    await tx
      .insertInto('name_origins')
      .values({ index_id: index.id, normalized_name: normalized, ...decided })
      .onConflict((conflict) =>
        conflict.columns(['index_id', 'normalized_name']).doUpdateSet(decided),
      )
      .execute()
    const facts = { name: normalized, from: before.origin, origin }
    const about = { at, actor: identity.username, index: index.id, facts }
    return recordEvent(tx, { ...about, type: 'origin-set' })
  })
}

export interface ClaimChange {
  readonly index: string
  /** `acme-*`, or one name. */
  readonly pattern: string
}

/** Returns the serial of the index. */
export function claim(domain: Domain, identity: Identity, change: ClaimChange): Promise<number> {
  return changeClaim(domain, identity, change, true)
}

/** What was uploaded under the claim stays hosted. */
export function releaseClaim(
  domain: Domain,
  identity: Identity,
  change: ClaimChange,
): Promise<number> {
  return changeClaim(domain, identity, change, false)
}

async function changeClaim(
  domain: Domain,
  identity: Identity,
  change: ClaimChange,
  isWanted: boolean,
): Promise<number> {
  const pattern = requirePattern(change.pattern)
  return transact(domain.db, async (tx) => {
    const { index } = await requireOwnedIndex(tx, domain, identity, change.index)
    if (index.claims.includes(pattern) === isWanted) return index.revision
    const at = domain.clock()
    const key = { index_id: index.id, pattern }
    if (isWanted) {
      const row = { ...key, claimed_at: at.toISOString(), claimed_by: identity.username }
      await tx.insertInto('name_claims').values(row).execute()
    } else {
      await tx
        .deleteFrom('name_claims')
        .where('index_id', '=', key.index_id)
        .where('pattern', '=', pattern)
        .execute()
    }
    const type = isWanted ? 'name-claimed' : 'name-released'
    const about = { at, actor: identity.username, index: index.id, facts: { pattern } }
    return touchIndex(tx, index.id, await recordEvent(tx, { ...about, type }))
  })
}

function requireName(text: string) {
  if (tryParseName(text) !== undefined) return normalizeName(text)
  const shown = JSON.stringify(text.slice(0, 100))
  throw new DomainError('invalid', `${shown} is not the name of a project.`)
}

function requirePattern(text: string): string {
  const pattern = tryParseClaim(text)
  if (pattern !== undefined) return pattern
  const shown = JSON.stringify(text.slice(0, 100))
  throw new DomainError(
    'invalid',
    `${shown} cannot be claimed: write a name, or the beginning of names such as acme-*.`,
  )
}
