/** The exceptions from the policy of an index as they stood at a moment: out of the log, so that later ones change nothing. */
import type { Database, Tx } from '../../database/database.ts'
import type { Exemption } from './policy-rule.ts'
import { tryParseTarget } from './target.ts'

/** Those that had run out by then too. */
export async function readExemptionsAt(
  db: Database | Tx,
  indexId: number,
  serial: number,
): Promise<Exemption[]> {
  const events = await db
    .selectFrom('events')
    .select(['type', 'at', 'actor', 'facts'])
    .where('type', 'in', ['exemption-made', 'exemption-ended'])
    .where('version', 'is', null)
    .where('index_id', '=', indexId)
    .where('id', '<=', serial)
    .orderBy('id')
    .execute()
  const exemptions = new Map<number, Exemption>()
  for (const { type, at, actor, facts } of events) {
    const { exemptionId: id, target: text, rule, reason, expiresAt } = JSON.parse(facts)
    const target = tryParseTarget(text)
    if (type === 'exemption-ended') exemptions.delete(id)
    else if (target !== undefined) {
      const about = { id, target, ...(rule !== undefined && { rule }), reason }
      exemptions.set(id, { ...about, by: actor, createdAt: at, expiresAt })
    }
  }
  return [...exemptions.values()]
}
