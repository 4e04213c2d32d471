/** Keeps advisories and tells those about a project. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { sql } from 'kysely'
import { transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import type { Advisory } from './advisory.ts'

/** All that is known about the project, withdrawn ones too, by id. */
export async function readAdvisories(
  { db }: Pick<Domain, 'db'>,
  project: NormalizedName,
): Promise<Advisory[]> {
  const rows = await db
    .selectFrom('advisories')
    .select('advisory')
    .where('normalized_name', '=', project)
    .orderBy('id')
    .execute()
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

async function keepBatch({ db }: Domain, batch: readonly Advisory[]): Promise<number> {
  const rows = batch.map((advisory) => ({
    normalized_name: advisory.project,
    id: advisory.id,
    modified_at: advisory.modifiedAt,
    advisory: JSON.stringify(advisory),
  }))
  return transact(db, async (tx) => {
    const changed = await tx
      .insertInto('advisories')
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(['normalized_name', 'id'])
          .doUpdateSet((update) => ({
            modified_at: update.ref('excluded.modified_at'),
            advisory: update.ref('excluded.advisory'),
          }))
          .whereRef('advisories.modified_at', '<', 'excluded.modified_at'),
      )
      .returning('id')
      .execute()
    return changed.length
  })
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
