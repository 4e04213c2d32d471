/** From names and patterns of names to projects: `acme-*` is all that begin so, and `*` is all there are. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Domain } from '../../domain.ts'
import { DomainError } from '../../errors.ts'
import { claimOf, tryParseClaim } from '../../indexes/claims.ts'
import type { IndexTree } from '../../indexes/index-tree.ts'
import { type Upstream, UpstreamUnavailable } from '../upstreams.ts'

export interface NamePatterns {
  readonly exact: readonly NormalizedName[]
  /** Whether a project is wanted by its beginning; absent where only names were given. */
  readonly matches?: (name: NormalizedName) => boolean
}

/** DomainError `invalid` for what is neither. */
export function readNamePatterns(texts: readonly string[]): NamePatterns {
  const patterns = texts.map(requirePattern)
  const exact = patterns.filter((pattern) => !pattern.endsWith('*')) as NormalizedName[]
  const beginnings = patterns.filter((pattern) => pattern.endsWith('*'))
  if (beginnings.length === 0) return { exact }
  const isAll = beginnings.includes('*')
  return { exact, matches: (name) => isAll || claimOf(beginnings, name) !== undefined }
}

/** As every upstream of the index lists them now; of one that lists none, those it was asked for before. */
export async function wantedNames(
  domain: Domain,
  tree: Pick<IndexTree, 'upstreams'>,
  texts: readonly string[],
): Promise<NormalizedName[]> {
  const { exact, matches } = readNamePatterns(texts)
  if (matches === undefined) return [...exact]
  const names = new Set(exact)
  for (const upstream of tree.upstreams) {
    for (const name of await listOrKnown(domain, upstream)) if (matches(name)) names.add(name)
  }
  return [...names]
}

async function listOrKnown(
  { db, upstreams }: Domain,
  upstream: Upstream,
): Promise<readonly NormalizedName[]> {
  try {
    return await upstreams.listNames(upstream)
  } catch (error) {
    if (!(error instanceof UpstreamUnavailable)) throw error
    const rows = await db
      .selectFrom('upstream_projects')
      .select('normalized_name')
      .where('upstream_id', '=', upstream.id)
      .execute()
    return rows.map((row) => row.normalized_name as NormalizedName)
  }
}

function requirePattern(text: string): string {
  const pattern = text.trim() === '*' ? '*' : tryParseClaim(text.trim())
  if (pattern !== undefined) return pattern
  const shown = JSON.stringify(text.slice(0, 100))
  throw new DomainError(
    'invalid',
    `${shown} names no projects: write a name, the beginning of names such as acme-*, or * for all.`,
  )
}
