/** The policy of an index as it is kept: its rules, and the exceptions somebody made from them. */
import type { Database, Tx } from '../../database/database.ts'
import type { PackageIndex } from '../indexes/package-index.ts'
import type { Moment } from '../indexes/snapshots/moment.ts'
import { readExemptionsAt } from './exemptions-at.ts'
import type { Exemption, PolicyRule } from './policy-rule.ts'
import { readRules } from './read-rules.ts'
import { tryParseTarget } from './target.ts'

export interface Policy {
  readonly rules: readonly PolicyRule[]
  readonly exemptions: readonly Exemption[]
}

/** An index that was read anew after a change is another object, so what is kept for it is never behind. */
const known = new WeakMap<PackageIndex, Promise<Policy>>()

/** As it is, or as it was at a moment. */
export function policyOf(db: Database, index: PackageIndex, at?: Moment): Promise<Policy> {
  if (at !== undefined) return readPolicy(db, index.id, at.serial)
  const earlier = known.get(index)
  if (earlier) return earlier
  const policy = readPolicy(db, index.id)
  known.set(index, policy)
  policy.catch(() => known.delete(index))
  return policy
}

export async function readPolicy(
  db: Database | Tx,
  indexId: number,
  serial?: number,
): Promise<Policy> {
  return {
    rules: readRules(JSON.parse(await readRulesText(db, indexId, serial))),
    exemptions:
      serial === undefined
        ? await readExemptions(db, indexId)
        : await readExemptionsAt(db, indexId, serial),
  }
}

/** JSON, as the operator wrote it; `[]` for an index without a policy. */
export async function readRulesText(
  db: Database | Tx,
  indexId: number,
  serial = Number.MAX_SAFE_INTEGER,
): Promise<string> {
  const row = await db
    .selectFrom('policies')
    .select('rules')
    .where('index_id', '=', indexId)
    .where('serial', '<=', serial)
    .orderBy('serial', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.rules ?? '[]'
}

/** Those that ran out too. */
export async function readExemptions(db: Database | Tx, indexId: number): Promise<Exemption[]> {
  const rows = await db
    .selectFrom('exemptions')
    .selectAll()
    .where('index_id', '=', indexId)
    .orderBy('id')
    .execute()
  return rows.flatMap((row) => {
    const target = tryParseTarget(row.target)
    if (target === undefined) return []
    const { id, reason, created_by: by, created_at: createdAt, expires_at: expiresAt } = row
    const rule = row.rule === null ? {} : { rule: row.rule }
    return { id, target, ...rule, reason, by, createdAt, expiresAt }
  })
}
