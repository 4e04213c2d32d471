/** What the releases of every made project are called, oldest first. */
import { canonicalizeVersion, parseVersion, versionSortKey } from '@cheeseshop/packaging'
import type { Row } from './seed-row.ts'

type VersionColumns = 'version' | 'canonical_version' | 'version_sort_key' | 'is_prerelease'

const known: Pick<Row<'releases'>, VersionColumns>[] = []

/** 0.1.0, 0.1.1, ... 0.1.4, 0.2.0, ...; every seventh is a release candidate. */
export function versionOf(ordinal: number): Pick<Row<'releases'>, VersionColumns> {
  for (let next = known.length; next <= ordinal; next++) {
    const place = next + 5
    const isPrerelease = next % 7 === 6
    const digits = `${Math.floor(place / 50)}.${Math.floor(place / 5) % 10}.${place % 5}`
    const version = isPrerelease ? `${digits}rc1` : digits
    known.push({
      version,
      canonical_version: canonicalizeVersion(version),
      version_sort_key: versionSortKey(parseVersion(version)),
      is_prerelease: isPrerelease ? 1 : 0,
    })
  }
  return known[ordinal]!
}
