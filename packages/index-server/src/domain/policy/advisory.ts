/** What is known to be wrong with some versions of a project, and which versions those are. */
import { type NormalizedName, tryParseVersion, type Version } from '@cheeseshop/packaging'

export const severities = ['unknown', 'low', 'medium', 'high', 'critical'] as const
export type Severity = (typeof severities)[number]

export interface Advisory {
  /** `GHSA-...`, `PYSEC-...` */
  readonly id: string
  readonly aliases: readonly string[]
  readonly project: NormalizedName
  readonly summary: string
  readonly details: string
  readonly severity: Severity
  /** ISO 8601; a withdrawn advisory is kept for the record and hides nothing. */
  readonly withdrawnAt?: string
  readonly modifiedAt: string
  readonly affected: Affected
  readonly link: string
}

export interface Affected {
  /** Versions named one by one. */
  readonly versions: readonly string[]
  readonly ranges: readonly AffectedRange[]
}

/** From `introduced`, up to but without `fixed`, or up to and with `lastAffected`; "0" is before every version. */
export interface AffectedRange {
  readonly introduced: string
  readonly fixed?: string
  readonly lastAffected?: string
}

export function isAffected(advisory: Advisory, version: string): boolean {
  return advisory.withdrawnAt === undefined && concerns(advisory, version)
}

/** As `isAffected`, of withdrawn advisories too. */
export function concerns({ affected }: Advisory, version: string): boolean {
  const parsed = tryParseVersion(version)
  if (parsed === undefined) return false
  if (affected.versions.some((named) => isSame(named, parsed))) return true
  return affected.ranges.some((range) => isWithin(range, parsed))
}

/** The versions that mend it, as the advisory names them. */
export function fixedVersions({ affected }: Advisory): string[] {
  return [...new Set(affected.ranges.flatMap(({ fixed }) => fixed ?? []))]
}

/** True for a version that is itself named as the mended one. */
export function fixes(advisory: Advisory, version: string): boolean {
  const parsed = tryParseVersion(version)
  if (parsed === undefined || advisory.withdrawnAt !== undefined) return false
  return fixedVersions(advisory).some((fixed) => isSame(fixed, parsed))
}

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least)
}

function isSame(text: string, version: Version): boolean {
  return tryParseVersion(text)?.compare(version) === 0
}

/** A limit that is no version bounds nothing, so that a broken advisory covers too much rather than too little. */
function isWithin({ introduced, fixed, lastAffected }: AffectedRange, version: Version): boolean {
  const order = (text: string | undefined) =>
    text === undefined ? undefined : tryParseVersion(text)?.compare(version)
  return (
    (introduced === '0' || (order(introduced) ?? 0) <= 0) &&
    (order(fixed) ?? 1) > 0 &&
    (order(lastAffected) ?? 0) >= 0
  )
}
