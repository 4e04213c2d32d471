/** Changes what an index leaves out: its rules, and the exceptions from them. */
import { type Tx, transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { touchIndex } from '../indexes/indexes.ts'
import { requireOwnedIndex } from '../indexes/require-index.ts'
import { readExemptions, readPolicy } from './policies.ts'
import { readRules } from './read-rules.ts'
import { tryParseTarget } from './target.ts'

const longestPolicy = 500_000
const longestExemption = 366 * 86_400_000

/** `rules`: the list as JSON values. Returns the serial. DomainError `invalid` with everything wrong with them. */
export async function setPolicy(
  domain: Domain,
  identity: Identity,
  wanted: { index: string; rules: unknown },
): Promise<number> {
  const { length } = readRules(wanted.rules)
  const text = JSON.stringify(wanted.rules)
  if (text.length > longestPolicy) {
    throw new DomainError('invalid', `A policy may take ${longestPolicy} characters as JSON.`)
  }
  return transact(domain.db, async (tx) => {
    const { index } = await requireOwnedIndex(tx, domain, identity, wanted.index)
    const serial = await recordEvent(tx, {
      type: 'policy-set',
      at: domain.clock(),
      actor: identity.username,
      index: index.id,
      facts: { rules: length },
    })
    await tx.insertInto('policies').values({ index_id: index.id, serial, rules: text }).execute()
    return touchIndex(tx, index.id, serial)
  })
}

export interface WantedExemption {
  index: string
  /** `flask`, `acme-*`, `flask==3.1` */
  target: string
  /** The name of one rule; absent: all of them. */
  rule?: string
  reason: string
  expiresAt: Date
}

/** Breaks the glass: for a while, what the target names is shown although a rule would hide it. */
export async function makeExemption(
  domain: Domain,
  identity: Identity,
  wanted: WantedExemption,
): Promise<number> {
  const now = domain.clock()
  requireSound(wanted, now)
  return transact(domain.db, async (tx) => {
    const { index } = await requireOwnedIndex(tx, domain, identity, wanted.index)
    await requireRule(tx, index.id, wanted.rule)
    const { id } = await tx
      .insertInto('exemptions')
      .values({
        index_id: index.id,
        target: wanted.target.trim(),
        rule: wanted.rule ?? null,
        reason: wanted.reason,
        created_by: identity.username,
        created_at: now.toISOString(),
        expires_at: wanted.expiresAt.toISOString(),
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    return recordExemption(tx, { type: 'exemption-made', indexId: index.id, id, identity, at: now })
  })
}

/** From now on the rules hold again; the exemption stays on record. */
export async function endExemption(
  domain: Domain,
  identity: Identity,
  { index: name, id }: { index: string; id: number },
): Promise<number> {
  const at = domain.clock()
  return transact(domain.db, async (tx) => {
    const { index } = await requireOwnedIndex(tx, domain, identity, name)
    const ended = await tx
      .updateTable('exemptions')
      .set({ expires_at: at.toISOString() })
      .where('index_id', '=', index.id)
      .where('id', '=', id)
      .where('expires_at', '>', at.toISOString())
      .returning('id')
      .execute()
    if (ended.length === 0) {
      throw new DomainError('not-found', `The index has no exemption ${id} that is in force.`)
    }
    return recordExemption(tx, { type: 'exemption-ended', indexId: index.id, id, identity, at })
  })
}

function requireSound({ target, reason, expiresAt }: WantedExemption, now: Date): void {
  const lifetime = expiresAt.getTime() - now.getTime()
  const problem =
    tryParseTarget(target) === undefined
      ? `${JSON.stringify(target.slice(0, 100))} is none of flask, acme-*, flask==3.1.`
      : reason.trim() === '' || reason.length > 1000
        ? 'An exemption needs a reason of up to 1000 characters, for those who find it later.'
        : lifetime <= 0 || lifetime > longestExemption
          ? 'An exemption ends in the future, at most a year from now.'
          : undefined
  if (problem !== undefined) throw new DomainError('invalid', problem)
}

async function requireRule(tx: Tx, indexId: number, rule: string | undefined): Promise<void> {
  if (rule === undefined) return
  const { rules } = await readPolicy(tx, indexId)
  if (rules.some(({ name }) => name === rule)) return
  const names = rules.map(({ name }) => name).join(', ') || 'none'
  throw new DomainError(
    'invalid',
    `The index has no rule ${JSON.stringify(rule.slice(0, 80))}; it has ${names}.`,
  )
}

interface ExemptionRecord {
  type: 'exemption-made' | 'exemption-ended'
  indexId: number
  id: number
  identity: Identity
  at: Date
}

async function recordExemption(tx: Tx, record: ExemptionRecord): Promise<number> {
  const { type, indexId, id, identity, at } = record
  const made = (await readExemptions(tx, indexId)).find((each) => each.id === id)!
  const { target, rule, reason, expiresAt } = made
  const serial = await recordEvent(tx, {
    type,
    at,
    actor: identity.username,
    index: indexId,
    facts: {
      exemptionId: id,
      target: target.text,
      ...(rule !== undefined && { rule }),
      reason,
      expiresAt,
    },
  })
  return touchIndex(tx, indexId, serial)
}
