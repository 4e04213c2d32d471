/** What an operator sees and does of the files of upstreams: totals, lists, pins, and taking away. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { transact } from '../../../database/database.ts'
import type { Domain } from '../../domain.ts'
import { setPinned } from '../held-files.ts'
import { nextRevision } from '../kept-projects.ts'
import { type DroppedFile, dropFiles, droppedColumns, type Evicted } from './evict-files.ts'

export interface CacheTotals {
  readonly upstream: string
  readonly url: string
  readonly projects: number
  /** Bytes of their pages, compressed. */
  readonly pages: number
  readonly files: number
  readonly bytes: number
  readonly pinned: number
  /** Projects whose page could not be confirmed the last time. */
  readonly stale: number
}

export async function readCacheTotals({ db }: Pick<Domain, 'db'>): Promise<CacheTotals[]> {
  const upstreams = await db.selectFrom('upstreams').selectAll().orderBy('id').execute()
  const projects = await db
    .selectFrom('upstream_projects')
    .select((select) => [
      'upstream_id',
      select.fn.countAll<number | string>().as('projects'),
      select.fn.sum<number | string>('page_size').as('pages'),
      select.fn.count<number | string>('last_error').as('stale'),
    ])
    .groupBy('upstream_id')
    .execute()
  const files = await db
    .selectFrom('upstream_files')
    .select((select) => [
      'upstream_id',
      select.fn.count<number | string>('sha256').as('files'),
      select.fn.sum<number | string | null>('size').as('bytes'),
      select.fn.sum<number | string>('pinned').as('pinned'),
    ])
    .groupBy('upstream_id')
    .execute()
  return upstreams.map(({ id, name, url }) => {
    const pages = projects.find((row) => row.upstream_id === id)
    const held = files.find((row) => row.upstream_id === id)
    return {
      upstream: name,
      url,
      projects: Number(pages?.projects ?? 0),
      pages: Number(pages?.pages ?? 0),
      stale: Number(pages?.stale ?? 0),
      files: Number(held?.files ?? 0),
      bytes: Number(held?.bytes ?? 0),
      pinned: Number(held?.pinned ?? 0),
    }
  })
}

/** Names are exact, or beginnings: `numpy`, `acme-*`. None: all. */
export interface CacheQuery {
  readonly upstream?: string
  readonly names?: readonly string[]
}

export interface CachedFile {
  readonly upstream: string
  readonly project: NormalizedName
  readonly filename: string
  readonly size: number
  readonly lastUsedAt: string
  readonly isPinned: boolean
}

/** The most recently used first. */
export async function listCachedFiles(
  domain: Pick<Domain, 'db'>,
  query: CacheQuery & { readonly limit: number },
): Promise<CachedFile[]> {
  const rows = await select(domain, query)
    .where('upstream_files.sha256', 'is not', null)
    .orderBy('upstream_files.last_used_at', 'desc')
    .orderBy('upstream_files.filename')
    .limit(query.limit)
    .execute()
  return rows.map((row) => ({
    upstream: row.upstream,
    project: row.normalized_name as NormalizedName,
    filename: row.filename,
    size: row.size ?? 0,
    lastUsedAt: row.last_used_at,
    isPinned: row.pinned === 1,
  }))
}

/** Pinned files are never evicted. Returns how many files are pinned, or free, now. */
export async function pinFiles(
  domain: Pick<Domain, 'db'>,
  query: CacheQuery,
  pinned: 0 | 1,
): Promise<number> {
  const rows = await select(domain, query).execute()
  for (const { upstream_id: upstreamId, normalized_name, filename } of rows) {
    const name = normalized_name as NormalizedName
    await setPinned(domain.db, { upstreamId, name, filename }, pinned)
  }
  return rows.length
}

export interface ClearQuery extends CacheQuery {
  /** Also what is pinned. */
  readonly withPinned?: boolean
}

/** Files, and pages as if they had never been asked for; but what is pinned stays, with the page that leads to it. */
export async function clearCache(
  domain: Pick<Domain, 'db' | 'blobs' | 'clock'>,
  query: ClearQuery,
): Promise<Evicted & { pinned: number }> {
  const found = await select(domain, query).execute()
  const rows: DroppedFile[] = found.filter((file) => query.withPinned || file.pinned === 0)
  const cleared = { files: 0, bytes: 0, pinned: found.length - rows.length }
  for (let at = 0; at < rows.length; at += 50) {
    const { files, bytes } = await dropFiles(domain, rows.slice(at, at + 50))
    cleared.files += files
    cleared.bytes += bytes
  }
  await dropPages(domain, query)
  return cleared
}

async function dropPages({ db }: Pick<Domain, 'db'>, query: CacheQuery): Promise<void> {
  const ids = db
    .selectFrom('upstreams')
    .select('id')
    .$if(query.upstream !== undefined, (upstreams) => upstreams.where('name', '=', query.upstream!))
  await transact(db, async (tx) => {
    await nextRevision(tx)
    await tx
      .deleteFrom('upstream_projects')
      .where('upstream_id', 'in', ids)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('upstream_files')
              .select('filename')
              .whereRef('upstream_files.upstream_id', '=', 'upstream_projects.upstream_id')
              .whereRef('upstream_files.normalized_name', '=', 'upstream_projects.normalized_name')
              .where('pinned', '=', 1),
          ),
        ),
      )
      .$if(query.names !== undefined, (projects) =>
        projects.where((where) =>
          where.or(query.names!.map((name) => where('normalized_name', 'like', likeOf(name)))),
        ),
      )
      .execute()
  })
}

function select({ db }: Pick<Domain, 'db'>, { upstream, names }: CacheQuery) {
  return db
    .selectFrom('upstream_files')
    .innerJoin('upstreams', 'upstreams.id', 'upstream_files.upstream_id')
    .select(droppedColumns.map((column) => `upstream_files.${column}` as const))
    .select(['upstreams.name as upstream', 'last_used_at', 'pinned'])
    .$if(upstream !== undefined, (files) => files.where('upstreams.name', '=', upstream!))
    .$if(names !== undefined, (files) =>
      files.where((where) =>
        where.or(names!.map((name) => where('normalized_name', 'like', likeOf(name)))),
      ),
    )
}

/** Normalized names have no character that LIKE takes for something else. */
function likeOf(name: string): string {
  return name.replace(/\*$/, '%')
}
