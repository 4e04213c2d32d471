/** An index: a list of projects with URLs of its own, read from sources in order. */
import type { IndexRow } from '../../database/schema.ts'

export interface PackageIndex {
  readonly id: number
  /** `acme/dev`; empty for the default index. */
  readonly path: string
  readonly readers: IndexRow['readers']
  readonly uploaders: IndexRow['uploaders']
  /** The serial of the last change of the index itself. */
  readonly revision: number
  readonly createdAt: string
  /** Patterns of names that are kept for uploads. */
  readonly claims: readonly string[]
}

/** Its path is empty: its URLs are those of the root. */
export const defaultIndexId = 1

/** How people and programs call the default index where a path is asked for. */
export const defaultIndexName = 'default'

export function indexName({ path }: Pick<PackageIndex, 'path'>): string {
  return path === '' ? defaultIndexName : path
}

export function toPackageIndex(
  row: IndexRow,
  claims: readonly { pattern: string }[],
): PackageIndex {
  return {
    id: row.id,
    path: row.path,
    readers: row.readers,
    uploaders: row.uploaders,
    revision: row.revision,
    createdAt: row.created_at,
    claims: claims.map(({ pattern }) => pattern),
  }
}
