/** Keeps advisories and tells those about a project. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { sql } from 'kysely'
import { type Tx, transact } from '../../database/database.ts'
import { lastSerial, recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import type { Moment } from '../indexes/snapshots/moment.ts'
import type { Advisory } from './advisory.ts'

/** All that is known about the project, or was known at the moment; withdrawn ones too, by id. */
export async function readAdvisories(
  { db }: Pick<Domain, 'db'>,
  project: NormalizedName,
  at?: Moment,
): Promise<Advisory[]> {
  const serial = at?.serial ?? Number.MAX_SAFE_INTEGER
  const newest = db
    .selectFrom('advisories')
    .select(['id', 'advisory'])
    .where('normalized_name', '=', project)
    .where('serial', '<=', serial)
  const earlier = db
    .selectFrom('earlier_advisories')
    .select(['id', 'advisory'])
    .where('normalized_name', '=', project)
    .where('serial', '<=', serial)
    .where('replaced', '>', serial)
  const rows = await (at === undefined ? newest : newest.unionAll(earlier)).orderBy('id').execute()
  return rows.map(({ advisory }) => JSON.parse(advisory))
}

/** Whether any were imported: where there are none, that nothing is known of a release means nothing. */
export async function hasAdvisories({ db }: Pick<Domain, 'db'>): Promise<boolean> {
  const row = await db.selectFrom('advisories').select('id').limit(1).executeTakeFirst()
  return row !== undefined
}

export interface ImportedAdvisories {
  /** How many were new or newer than what was known. */
  changed: number
  /** How many were read, one for each project an advisory is about. */
  read: number
}

/**
 * Adds advisories and replaces older forms of them. What was known and is not mentioned stays, as OSV withdraws
 * advisories and never deletes them.
 */
export async function importAdvisories(
  domain: Domain,
  actor: string,
  advisories: AsyncIterable<Advisory>,
): Promise<ImportedAdvisories> {
  const imported = { changed: 0, read: 0 }
  for await (const batch of inBatches(advisories, 200)) {
    imported.read += batch.length
    imported.changed += await keepBatch(domain, batch)
  }
  if (imported.changed > 0) await announce(domain, actor, imported)
  return imported
}

/** They count from the next serial on: whatever is the past by now has been shown without them. */
async function keepBatch({ db }: Domain, batch: readonly Advisory[]): Promise<number> {
  return transact(db, async (tx) => {
    const serial = (await lastSerial({ db: tx })) + 1
    await keepEarlier(tx, batch, serial)
    const rows = batch.map((advisory) => ({
      normalized_name: advisory.project,
      id: advisory.id,
      modified_at: advisory.modifiedAt,
      advisory: JSON.stringify(advisory),
      serial,
    }))
    const changed = await tx
      .insertInto('advisories')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['normalized_name', 'id'])
          .doUpdateSet((update) => ({
            modified_at: update.ref('excluded.modified_at'),
            advisory: update.ref('excluded.advisory'),
            serial: update.ref('excluded.serial'),
          }))
          .whereRef('advisories.modified_at', '<', 'excluded.modified_at'),
      )
      .returning('id')
      .execute()
    return changed.length
  })
}

/** What is about to be replaced; what no moment has seen need not be kept. */
async function keepEarlier(tx: Tx, batch: readonly Advisory[], serial: number): Promise<void> {
  const newest = new Map(batch.map((each) => [`${each.project} ${each.id}`, each.modifiedAt]))
  const known = await tx
    .selectFrom('advisories')
    .selectAll()
    .where('normalized_name', 'in', [...new Set(batch.map(({ project }) => project))])
    .where('serial', '<', serial)
    .execute()
  const earlier = known.filter((row) => {
    const modifiedAt = newest.get(`${row.normalized_name} ${row.id}`)
    return modifiedAt !== undefined && row.modified_at < modifiedAt
  })
  if (earlier.length === 0) return
  const rows = earlier.map(({ modified_at: _, ...row }) => ({ ...row, replaced: serial }))
  await tx.insertInto('earlier_advisories').values(rows).execute()
}

/** Every page of every index may show something else from now on. */
function announce({ db, clock }: Domain, actor: string, facts: ImportedAdvisories): Promise<void> {
  return transact(db, async (tx) => {
    const serial = await recordEvent(tx, {
      type: 'advisories-imported',
      at: clock(),
      actor,
      facts: { ...facts },
    })
    await tx
      .updateTable('indexes')
      .set({ revision: sql`${serial}` })
      .execute()
  })
}

/** An advisory that comes twice in a batch counts once, as one statement cannot write a row twice. */
async function* inBatches(
  advisories: AsyncIterable<Advisory>,
  size: number,
): AsyncGenerator<Advisory[]> {
  const batch = new Map<string, Advisory>()
  for await (const advisory of advisories) {
    const key = `${advisory.project} ${advisory.id}`
    const known = batch.get(key)
    if (!known || known.modifiedAt < advisory.modifiedAt) batch.set(key, advisory)
    if (batch.size < size) continue
    yield [...batch.values()]
    batch.clear()
  }
  if (batch.size > 0) yield [...batch.values()]
}
