/** Which rows name blobs: every column that holds the digest of stored bytes is here, or its blobs are swept away. */
import type { Database, Tx } from '../database/database.ts'

/** Those of the digests that no row names. */
export async function unnamedBlobs(
  db: Database | Tx,
  digests: readonly string[],
): Promise<string[]> {
  if (digests.length === 0) return []
  const rows = await db
    .selectFrom('files')
    .select('sha256')
    .where('sha256', 'in', digests)
    .union(
      db
        .selectFrom('files')
        .select((select) => select.ref('metadata_sha256').$notNull().as('sha256'))
        .where('metadata_sha256', 'in', digests),
    )
    .union(db.selectFrom('file_metadata').select('sha256').where('sha256', 'in', digests))
    .union(db.selectFrom('wheel_twins').select('sha256').where('sha256', 'in', digests))
    .union(
      db
        .selectFrom('upstream_files')
        .select((select) => select.ref('sha256').$notNull().as('sha256'))
        .where('sha256', 'in', digests),
    )
    .union(
      db
        .selectFrom('upstream_files')
        .select((select) => select.ref('metadata_sha256').$notNull().as('sha256'))
        .where('metadata_sha256', 'in', digests),
    )
    .execute()
  const named = new Set(rows.map((row) => row.sha256))
  return digests.filter((sha256) => !named.has(sha256))
}
