/** Gives the upstreams of the settings their rows; a new main one becomes the last source of the default index. */
import { type Tx, transact } from '../../database/database.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { defaultIndexId } from '../indexes/package-index.ts'
import { describeSources } from '../indexes/sources.ts'

export interface NamedUpstream {
  readonly name: string
  /** Without credentials. */
  readonly url: string
}

/** Once: an owner who takes the main upstream from the default index has the last word. */
export async function registerUpstreams(
  { db, clock }: Pick<Domain, 'db' | 'clock'>,
  upstreams: readonly NamedUpstream[],
  main: string,
): Promise<void> {
  const rows = await db.selectFrom('upstreams').select(['name', 'url']).execute()
  const known = new Map(rows.map(({ name, url }) => [name, url]))
  const changed = upstreams.filter(({ name, url }) => known.get(name) !== url)
  if (changed.length === 0) return
  await transact(db, async (tx) => {
    for (const upstream of changed) {
      const id = await keepUpstream(tx, upstream, clock())
      const isNew = !known.has(upstream.name)
      if (isNew && upstream.name === main) await addToDefaultIndex(tx, id, clock())
    }
  })
}

/** What was kept under another URL is confirmed before it is shown again. */
async function keepUpstream(tx: Tx, { name, url }: NamedUpstream, now: Date): Promise<number> {
  const known = await tx
    .selectFrom('upstreams')
    .select('id')
    .where('name', '=', name)
    .executeTakeFirst()
  if (known === undefined) {
    const row = { name, url, created_at: now.toISOString() }
    const { id } = await tx
      .insertInto('upstreams')
      .values(row)
      .returning('id')
      .executeTakeFirstOrThrow()
    return id
  }
  await tx.updateTable('upstreams').set({ url }).where('id', '=', known.id).execute()
  const longAgo = new Date(0).toISOString()
  await tx
    .updateTable('upstream_projects')
    .set({ checked_at: longAgo, fresh_until: longAgo, etag: null, last_modified: null })
    .where('upstream_id', '=', known.id)
    .execute()
  return known.id
}

async function addToDefaultIndex(tx: Tx, upstreamId: number, at: Date): Promise<void> {
  const formerSources = await describeSources(tx, defaultIndexId)
  const sources = await tx
    .selectFrom('index_sources')
    .select('position')
    .where('index_id', '=', defaultIndexId)
    .execute()
  const position = Math.max(-1, ...sources.map((source) => source.position)) + 1
  await tx
    .insertInto('index_sources')
    .values({ index_id: defaultIndexId, position, kind: 'upstream', upstream_id: upstreamId })
    .execute()
  const { path, readers, uploaders } = await tx
    .selectFrom('indexes')
    .select(['path', 'readers', 'uploaders'])
    .where('id', '=', defaultIndexId)
    .executeTakeFirstOrThrow()
  const wasUsed = await tx
    .selectFrom('events')
    .select('id')
    .where('type', '=', 'project-created')
    .limit(1)
    .executeTakeFirst()
  const facts = {
    ...{ path, sources: await describeSources(tx, defaultIndexId), readers, uploaders },
    // A new server is taken to have had it always, so that the past of the upstream can be had too.
    ...(wasUsed && { formerSources }),
  }
  const revision = await recordEvent(tx, { type: 'index-changed', at, actor: 'settings', facts })
  await tx.updateTable('indexes').set({ revision }).where('id', '=', defaultIndexId).execute()
}
