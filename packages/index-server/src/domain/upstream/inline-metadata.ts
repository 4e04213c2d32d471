/** What resolvers read of the metadata of upstream files, as far as it is here already: nothing is fetched for a page. */
import {
  type InlineMetadata,
  type NormalizedName,
  readMetadata,
  sdistMetadataIsStatic,
} from '@cheeseshop/packaging'
import type { FileKind } from '../../database/schema.ts'
import type { Domain } from '../domain.ts'
import type { Upstream } from './upstreams.ts'

export interface OfferedFile {
  readonly kind: FileKind
  /** As the page promises it. */
  readonly metadataSha256?: string
}

/** On one page: whoever resolves asks for few of a project's files, so few are here. */
const most = 100
/** Bytes of one METADATA; larger ones are left to those who want them. */
const largest = 512 * 1024

/** By digest of METADATA; the files come newest first. */
export async function readHeldMetadata(
  { db, blobs }: Domain,
  { upstreams, name }: { upstreams: readonly Upstream[]; name: NormalizedName },
  files: readonly OfferedFile[],
): Promise<ReadonlyMap<string, InlineMetadata>> {
  const found = new Map<string, InlineMetadata>()
  const held = await heldDigests(db, upstreams, name)
  for (const { kind, metadataSha256: digest } of files) {
    if (digest === undefined || !held.has(digest) || found.has(digest)) continue
    if (found.size >= most) break
    await using blob = await blobs.open(digest)
    if (blob === undefined || blob.size > largest) continue
    const { metadata } = readMetadata(await blob.read(0, blob.size))
    if (kind === 'sdist' && !sdistMetadataIsStatic(metadata)) continue
    const { requiresDist, providesExtra } = metadata
    found.set(digest, { requiresDist, providesExtra })
  }
  return found
}

/** Equal to an earlier mark unless metadata of the project came since; that it went makes no page wrong. */
export async function heldMetadataMark(
  { db }: Domain,
  upstreams: readonly Upstream[],
  name: NormalizedName,
): Promise<string> {
  return String((await heldDigests(db, upstreams, name)).size)
}

async function heldDigests(
  db: Domain['db'],
  upstreams: readonly Upstream[],
  name: NormalizedName,
): Promise<ReadonlySet<string>> {
  if (upstreams.length === 0) return new Set()
  const rows = await db
    .selectFrom('upstream_files')
    .select((select) => select.ref('metadata_sha256').$notNull().as('digest'))
    .where(
      'upstream_id',
      'in',
      upstreams.map(({ id }) => id),
    )
    .where('normalized_name', '=', name)
    .where('metadata_sha256', 'is not', null)
    .execute()
  return new Set(rows.map(({ digest }) => digest))
}
