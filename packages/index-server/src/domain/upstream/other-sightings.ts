/** What other upstreams say of the same files: some indexes tell neither upload times nor sizes. */
import type { Database } from '../../database/database.ts'
import type { KeptPage } from './kept-page.ts'
import type { ProjectKey } from './kept-projects.ts'

export interface Sighting {
  readonly upstream: string
  readonly sha256?: string
  readonly size?: number
  readonly uploadedAt?: string
}

/** By filename; the first upstream that knows an upload time counts. */
export async function otherSightings(
  db: Database,
  { upstreamId, name }: ProjectKey,
  decode: (page: Uint8Array) => Promise<KeptPage>,
): Promise<ReadonlyMap<string, Sighting>> {
  const rows = await db
    .selectFrom('upstream_projects')
    .innerJoin('upstreams', 'upstreams.id', 'upstream_projects.upstream_id')
    .select(['upstreams.name', 'upstream_projects.page'])
    .where('upstream_projects.normalized_name', '=', name)
    .where('upstream_projects.upstream_id', '!=', upstreamId)
    .orderBy('upstream_projects.upstream_id')
    .execute()
  const sightings = new Map<string, Sighting>()
  for (const row of rows) {
    const { files } = await decode(row.page)
    for (const { filename, hashes, size, uploadedAt } of files) {
      if (sightings.get(filename)?.uploadedAt !== undefined) continue
      sightings.set(filename, {
        upstream: row.name,
        ...(hashes['sha256'] !== undefined && { sha256: hashes['sha256'] }),
        ...(size !== undefined && { size }),
        ...(uploadedAt !== undefined && { uploadedAt }),
      })
    }
  }
  return sightings
}
