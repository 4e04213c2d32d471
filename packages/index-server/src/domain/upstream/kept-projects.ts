/** The rows of what upstreams said of projects. */

import type { NormalizedName } from '@cheeseshop/packaging'
import { sql } from 'kysely'
import type { Database, Tx } from '../../database/database.ts'
import { transactSoon } from '../../database/transact-soon.ts'
import type { KeptPage } from './kept-page.ts'

/** What was kept of a project; times are milliseconds. */
export interface KeptProject {
  readonly upstreamId: number
  readonly name: NormalizedName
  /** See kept-page.ts. */
  readonly page: Uint8Array
  readonly etag?: string
  readonly lastModified?: string
  readonly fetchedAt: number
  /** When the upstream last said that it is so. */
  readonly checkedAt: number
  readonly freshUntil: number
  readonly revision: number
  /** Why the upstream could not be asked the last time. */
  readonly lastError?: string
}

/** What came just now and has no row yet. */
export interface ArrivedProject extends Omit<KeptProject, 'page' | 'revision' | 'lastError'> {
  readonly page: KeptPage
}

export interface ProjectKey {
  readonly upstreamId: number
  readonly name: NormalizedName
}

export async function findKeptProject(
  db: Database,
  key: ProjectKey,
): Promise<KeptProject | undefined> {
  const row = await db
    .selectFrom('upstream_projects')
    .selectAll()
    .where('upstream_id', '=', key.upstreamId)
    .where('normalized_name', '=', key.name)
    .executeTakeFirst()
  if (row === undefined) return undefined
  return {
    ...key,
    page: row.page,
    ...(row.etag !== null && { etag: row.etag }),
    ...(row.last_modified !== null && { lastModified: row.last_modified }),
    fetchedAt: Date.parse(row.fetched_at),
    checkedAt: Date.parse(row.checked_at),
    freshUntil: Date.parse(row.fresh_until),
    revision: row.revision,
    ...(row.last_error !== null && { lastError: row.last_error }),
  }
}

/** Keeps a page that differs from the one before, under a new revision. */
export function keepProject(
  db: Database,
  project: Omit<KeptProject, 'revision'>,
): Promise<KeptProject> {
  const keep = async (tx: Tx) => {
    const revision = await nextRevision(tx)
    const values = {
      page: project.page,
      page_size: project.page.length,
      etag: project.etag ?? null,
      last_modified: project.lastModified ?? null,
      fetched_at: isoTime(project.fetchedAt),
      checked_at: isoTime(project.checkedAt),
      fresh_until: isoTime(project.freshUntil),
      revision,
      last_error: null,
    }
    await tx
      .insertInto('upstream_projects')
      .values({ upstream_id: project.upstreamId, normalized_name: project.name, ...values })
      .onConflict((row) => row.columns(['upstream_id', 'normalized_name']).doUpdateSet(values))
      .execute()
    return { ...project, revision }
  }
  return transactSoon(db, keep)
}

export type ProjectCheck = Partial<
  Pick<KeptProject, 'checkedAt' | 'freshUntil' | 'etag' | 'lastModified'>
> & { readonly lastError: string | null }

/** Notes that the upstream was asked, and its page is the same or could not be had. */
export async function noteCheck(
  db: Database,
  key: ProjectKey,
  { checkedAt, freshUntil, etag, lastModified, lastError }: ProjectCheck,
): Promise<void> {
  const note = (tx: Tx) =>
    tx
      .updateTable('upstream_projects')
      .set({
        ...(checkedAt !== undefined && { checked_at: isoTime(checkedAt) }),
        ...(freshUntil !== undefined && { fresh_until: isoTime(freshUntil) }),
        ...(etag !== undefined && { etag }),
        ...(lastModified !== undefined && { last_modified: lastModified }),
        last_error: lastError,
      })
      .where('upstream_id', '=', key.upstreamId)
      .where('normalized_name', '=', key.name)
      .execute()
  await transactSoon(db, note)
}

/** Gives the project a new revision, because what is shown of its files has changed. */
export async function touchProject(tx: Tx, key: ProjectKey): Promise<void> {
  await tx
    .updateTable('upstream_projects')
    .set({ revision: await nextRevision(tx) })
    .where('upstream_id', '=', key.upstreamId)
    .where('normalized_name', '=', key.name)
    .execute()
}

/** By id of the upstream; of those that have the project. */
export async function revisionsOf(
  db: Database,
  upstreamIds: readonly number[],
  name: NormalizedName,
): Promise<ReadonlyMap<number, number>> {
  if (upstreamIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('upstream_projects')
    .select(['upstream_id', 'revision'])
    .where('normalized_name', '=', name)
    .where('upstream_id', 'in', upstreamIds)
    .orderBy('upstream_id')
    .execute()
  return new Map(rows.map((row) => [row.upstream_id, row.revision]))
}

/** One number for all upstreams, moved by the transaction that changes what is shown: see change-mark.ts. */
export async function nextRevision(tx: Tx): Promise<number> {
  const row = await tx
    .updateTable('upstream_changes')
    .set({ revision: sql`revision + 1` })
    .returning('revision')
    .executeTakeFirstOrThrow()
  return row.revision
}

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
