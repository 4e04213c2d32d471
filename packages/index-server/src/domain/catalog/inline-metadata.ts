/** What resolvers read of the metadata of files: of the first ones of a list, as many as a page has room for. */
import type { CoreMetadata, InlineMetadata } from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'

/** By digest of METADATA. */
export type InlineMetadataByDigest = ReadonlyMap<string, InlineMetadata>

/** Only uploaded files have an id, and metadata in the database. */
export interface InlinedFile {
  readonly id?: number
  readonly metadataSha256?: string
}

export interface InlineRoom {
  /** Different METADATA on one page. */
  readonly most: number
  /** Characters of requirements on one page. */
  readonly size: number
}

/** Resolvers look at the newest versions; what they want of the others is one request away. */
const defaultRoom: InlineRoom = { most: 1000, size: 2_000_000 }

/** Rows in one query. */
const batch = 100

/** Files come newest first. Only what is advertised beside a file is on its page. */
export async function readInlineMetadata(
  domain: Domain,
  files: readonly InlinedFile[],
  room: InlineRoom = defaultRoom,
): Promise<InlineMetadataByDigest> {
  const found = new Map<string, InlineMetadata>()
  const wanted = firstOfEach(files).slice(0, room.most)
  let left = room.size
  for (let at = 0; at < wanted.length; at += batch) {
    const ids = wanted.slice(at, at + batch)
    const rows = new Map((await readRows(domain, ids)).map((row) => [row.file_id, row]))
    for (const id of ids) {
      const row = rows.get(id)
      // Deleted since the files were read: the next page is without it.
      if (row === undefined) continue
      const { requiresDist, providesExtra } = JSON.parse(row.core_metadata) as CoreMetadata
      left -= requiresDist.join().length + providesExtra.join().length
      if (left < 0) return found
      found.set(row.sha256, { requiresDist, providesExtra })
    }
  }
  return found
}

/** One file for each METADATA. */
function firstOfEach(files: readonly InlinedFile[]): number[] {
  const ids = new Map<string, number>()
  for (const { id, metadataSha256 } of files) {
    if (id === undefined || metadataSha256 === undefined) continue
    if (!ids.has(metadataSha256)) ids.set(metadataSha256, id)
  }
  return [...ids.values()]
}

function readRows({ db }: Domain, ids: readonly number[]) {
  return db
    .selectFrom('file_metadata')
    .select(['file_id', 'sha256', 'core_metadata'])
    .where('file_id', 'in', ids)
    .execute()
}
