/** From names and their beginnings to projects: `acme-*` is all that begin so, as far as an upstream was asked for them. */
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import type { Domain } from '../../domain.ts'
import { claimOf, tryParseClaim } from '../../indexes/claims.ts'

export async function knownNames(
  { db }: Pick<Domain, 'db'>,
  patterns: readonly string[],
): Promise<NormalizedName[]> {
  const exact = patterns.filter((pattern) => !pattern.endsWith('*')).map(normalizeName)
  const beginnings = patterns
    .filter((pattern) => pattern.endsWith('*'))
    .flatMap((pattern) => tryParseClaim(pattern) ?? [])
  if (beginnings.length === 0) return exact
  const rows = await db
    .selectFrom('upstream_projects')
    .select('normalized_name')
    .distinct()
    .execute()
  const known = rows.map((row) => row.normalized_name as NormalizedName)
  return [...new Set([...exact, ...known.filter((name) => claimOf(beginnings, name))])]
}
