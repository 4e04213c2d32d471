/** What an audit found, for people and for programs. */

import type { Printer } from '../report/printer.ts'
import { table } from '../report/table.ts'
import { count } from '../report/units.ts'
import type { Session } from '../session.ts'
import type { AuditedRelease } from './audit-releases.ts'
import type { Advisory } from './read-advisories.ts'

/** The shape is that of pip-audit, which other programs read. */
export function auditJson(audited: readonly AuditedRelease[]): string {
  const dependencies = audited.map((release) => {
    const { name, advisories, skipped } = release
    const version = versionOf(release)
    if (skipped !== undefined) return { name, version, skip_reason: skipped }
    return { name, version, vulns: advisories.map((each) => vulnerability(each, release.version)) }
  })
  const checked = checkedIn(audited)
  const counts = { audited: checked, not_audited: audited.length - checked }
  return JSON.stringify({ dependencies, fixes: [], ...counts })
}

function versionOf({ version, writtenVersion }: AuditedRelease): string | undefined {
  return writtenVersion ?? version?.toString()
}

function vulnerability(advisory: Advisory, version: AuditedRelease['version']) {
  return {
    id: advisory.id,
    fix_versions: fixesFor(advisory, version),
    aliases: advisory.aliases,
    description: advisory.summary,
    ...(advisory.link !== undefined && { link: advisory.link }),
  }
}

export function printAudit({ printer }: Session, audited: readonly AuditedRelease[]): void {
  const rows = audited.flatMap((release) =>
    release.advisories.map((advisory) => [
      release.name,
      `${release.version}`,
      advisory.id,
      fixesFor(advisory, release.version).join(', ') || 'none yet',
      advisory.aliases.join(', '),
    ]),
  )
  const checked = checkedIn(audited)
  if (rows.length > 0) printer.data(table(['Package', 'Version', 'ID', 'Fixed in', 'Also'], rows))
  warnOfSkipped(printer, byReason(audited))
  if (isBlind(audited)) printer.failure(blind, [whomToAsk])
  else printer.info(summary(audited, rows.length, checked))
}

const blind = 'Nothing could be audited, so what is installed may have any known vulnerability'
const whomToAsk =
  'ask an index that has a JSON API of single releases with advisories in it (--index-url)'

/** Indexes were asked, and none had anything to say: that must not look like good news. */
export function isBlind(audited: readonly AuditedRelease[]): boolean {
  return checkedIn(audited) === 0 && audited.some(({ isUnanswered }) => isUnanswered)
}

export function checkedIn(audited: readonly AuditedRelease[]): number {
  return audited.filter(({ skipped }) => skipped === undefined).length
}

/** One line however many there are: most of an environment may come from elsewhere. */
function warnOfSkipped(printer: Printer, skipped: ReadonlyMap<string, readonly string[]>): void {
  if (skipped.size === 0) return
  const parts = [...skipped].map(
    ([reason, names]) => `${count(names.length, 'project')}, because ${reason}`,
  )
  printer.warning(`not audited: ${parts.join('; ')}${printer.isVerbose ? '' : ' (-v names them)'}`)
  for (const [reason, names] of skipped) printer.detail(`because ${reason}: ${names.join(', ')}`)
}

function byReason(audited: readonly AuditedRelease[]): Map<string, string[]> {
  const reasons = new Map<string, string[]>()
  for (const release of audited) {
    const { name, skipped } = release
    if (skipped === undefined) continue
    const written = [name, versionOf(release) ?? ''].join(' ').trim()
    reasons.set(skipped, [...(reasons.get(skipped) ?? []), written])
  }
  return reasons
}

function summary(audited: readonly AuditedRelease[], found: number, checked: number): string {
  if (found > 0) {
    const projects = audited.filter(({ advisories }) => advisories.length > 0).length
    const what = count(found, 'known vulnerability', 'known vulnerabilities')
    return `Found ${what} in ${count(projects, 'project')} of ${checked}`
  }
  if (checked === 0 && audited.length > 0) return 'Nothing could be audited'
  return `No known vulnerabilities in ${count(checked, 'project')}`
}

/** Those that an upgrade could go to. */
function fixesFor({ fixedIn }: Advisory, version: AuditedRelease['version']): string[] {
  return fixedIn.filter((each) => !version || each.compare(version) > 0).map(String)
}
