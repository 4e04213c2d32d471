/** Decides what an index shows of a project: pure, and the only place that does. */
import { type NormalizedName, tryParseVersion, tryParseWheelFilename } from '@cheeseshop/packaging'
import type { FileKind } from '../../database/schema.ts'
import { type Advisory, fixes, isAffected, isAtLeast } from './advisory.ts'
import { licenceIsAcceptable } from './licence.ts'
import type { Exemption, PolicyRule, Target } from './policy-rule.ts'
import { targetCovers, targetNames } from './target.ts'

/** The rules of an index, and what is known of the project they are asked about. */
export interface ProjectPolicy {
  /** In the order they are asked; the first that hides a file gives the reason. */
  readonly rules: readonly PolicyRule[]
  readonly exemptions: readonly Exemption[]
  readonly advisories: readonly Advisory[]
}

export interface FileFacts {
  readonly project: NormalizedName
  readonly version: string
  readonly filename: string
  readonly kind: FileKind
  readonly from: 'hosted' | 'upstream'
  /** ISO 8601; absent when nobody knows. */
  readonly uploadedAt?: string
  readonly isYanked: boolean
  /** Licence expression; absent when the metadata has none or was not read yet. */
  readonly licence?: string
}

export type Decision = Shown | Hidden

export interface Shown {
  readonly isShown: true
  /** Sentences: what a rule only warns of, and which exemption lets it through. */
  readonly remarks: readonly string[]
  /** Milliseconds since 1970: when an exemption that shows it ends. */
  readonly until?: number
}

export interface Hidden {
  readonly isShown: false
  /** The name of the rule. */
  readonly rule: string
  /** One sentence. */
  readonly reason: string
  /** Milliseconds since 1970: when the rule will let it through. */
  readonly until?: number
}

/** What a rule says of a file it speaks of; undefined: nothing against it. */
type Objection = { reason: string; until?: number; isWarning?: true }

export type Judge = (file: FileFacts) => Decision

/** A judge for the files of one project at one moment; it remembers what it found out about each version. */
export function judgeOf(policy: ProjectPolicy, at: Date): Judge {
  const now = at.getTime()
  const findings = new Map<string, VersionFindings>()
  const findingsOf = ({ version }: FileFacts) => {
    const known = findings.get(version) ?? findOut(policy.advisories, version)
    findings.set(version, known)
    return known
  }
  let rules: readonly PolicyRule[] | undefined
  return (file) => {
    const remarks: string[] = []
    const ends: number[] = []
    // Once for all files: a list of thousands of projects is not looked through for each of ten thousand files.
    rules ??= policy.rules.map((rule) => about(file.project, rule))
    for (const rule of rules) {
      if (!speaksOf(rule, file)) continue
      const objection = objectionOf(rule, { file, now, findings: findingsOf(file) })
      if (objection === undefined) continue
      const exemption = policy.exemptions.find((entry) => exempts(entry, rule, file, now))
      if (exemption) {
        ends.push(Date.parse(exemption.expiresAt))
        if (!objection.isWarning) remarks.push(letThrough(rule, exemption))
      } else if (objection.isWarning) {
        remarks.push(objection.reason)
      } else {
        const { reason, until } = objection
        return { isShown: false, rule: rule.name, reason, ...(until !== undefined && { until }) }
      }
    }
    return { isShown: true, remarks, ...(ends.length > 0 && { until: Math.min(...ends) }) }
  }
}

/** The rule with those of its targets that name the project. */
function about(project: NormalizedName, rule: PolicyRule): PolicyRule {
  const named = (targets: readonly Target[]) => targets.filter((each) => targetNames(each, project))
  const narrowed = {
    ...rule,
    except: named(rule.except),
    ...(rule.only && { only: named(rule.only) }),
  }
  if (narrowed.rule !== 'names') return narrowed
  const { allow, deny } = narrowed
  return { ...narrowed, deny: named(deny), ...(allow && { allow: named(allow) }) }
}

interface VersionFindings {
  readonly affecting: readonly Advisory[]
  readonly fixed: readonly Advisory[]
}

function findOut(advisories: readonly Advisory[], version: string): VersionFindings {
  return {
    affecting: advisories.filter((advisory) => isAffected(advisory, version)),
    fixed: advisories.filter((advisory) => fixes(advisory, version)),
  }
}

function speaksOf(rule: PolicyRule, { from, project, version }: FileFacts): boolean {
  if (rule.files !== 'all' && rule.files !== from) return false
  if (rule.except.some((target) => targetCovers(target, project, version))) return false
  return rule.only?.some((target) => targetCovers(target, project, version)) ?? true
}

function exempts(entry: Exemption, rule: PolicyRule, file: FileFacts, now: number): boolean {
  if (entry.rule !== undefined && entry.rule !== rule.name) return false
  if (now < Date.parse(entry.createdAt) || now >= Date.parse(entry.expiresAt)) return false
  return targetCovers(entry.target, file.project, file.version)
}

function letThrough({ name }: PolicyRule, { expiresAt }: Exemption): string {
  return `The rule ${name} would hide it, but an exemption shows it until ${minuteOf(expiresAt)}.`
}

/** `2026-11-22 17:45 UTC`: finer than that nobody reads. */
export function minuteOf(time: string | number | Date): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

interface Question {
  readonly file: FileFacts
  readonly now: number
  readonly findings: VersionFindings
}

function objectionOf(rule: PolicyRule, question: Question): Objection | undefined {
  const { file } = question
  switch (rule.rule) {
    case 'minimum-age':
      return tooYoung(rule, question)
    case 'not-after':
      return tooLate(rule, question)
    case 'advisories':
      return vulnerable(rule, question)
    case 'licences':
      return unlicensed(rule, question)
    case 'names':
      return unwelcome(rule, question)
    case 'yanked':
      return file.isYanked ? { reason: 'It is yanked.' } : undefined
    case 'prereleases':
      return tryParseVersion(file.version)?.isPrerelease
        ? { reason: `${file.version} is a pre-release.` }
        : undefined
    case 'file-kinds':
      return rule.show.includes(file.kind === 'sdist' ? 'sdist' : 'wheel')
        ? undefined
        : { reason: `Only ${rule.show.join(' and ')} files are shown.` }
    case 'platforms':
      return wrongPlatform(rule, question)
  }
}

type Of<Kind> = Extract<PolicyRule, { rule: Kind }>

const unknownTime = {
  reason: 'Nobody knows when it was uploaded, so it cannot be shown to be old enough.',
}

/** A release that mends a known fault is let through at once: waiting for it would keep the fault in use. */
function tooYoung(
  rule: Of<'minimum-age'>,
  { file, now, findings }: Question,
): Objection | undefined {
  if (rule.exceptFixes && findings.fixed.length > 0 && findings.affecting.length === 0) return
  if (file.uploadedAt === undefined) return unknownTime
  const until = Date.parse(file.uploadedAt) + rule.milliseconds
  if (now >= until) return undefined
  const reason = `It was uploaded ${minuteOf(file.uploadedAt)} and is shown from ${minuteOf(until + 59_999)} on.`
  return { reason, until }
}

function tooLate(rule: Of<'not-after'>, { file }: Question): Objection | undefined {
  if (file.uploadedAt === undefined) return unknownTime
  if (Date.parse(file.uploadedAt) < Date.parse(rule.time)) return undefined
  return {
    reason: `It was uploaded ${minuteOf(file.uploadedAt)}; this index shows nothing uploaded from ${rule.time} on.`,
  }
}

function vulnerable(rule: Of<'advisories'>, { findings }: Question): Objection | undefined {
  const grave = findings.affecting.filter(({ severity }) => isAtLeast(severity, rule.from))
  if (grave.length === 0) return undefined
  const named = grave.slice(0, 3).map(({ id, severity }) => `${id} (${severity})`)
  const more = grave.length > 3 ? ` and ${grave.length - 3} more` : ''
  const reason = `It is affected by ${named.join(', ')}${more}.`
  return rule.action === 'warn' ? { reason, isWarning: true } : { reason }
}

function unlicensed(rule: Of<'licences'>, { file }: Question): Objection | undefined {
  const { licence } = file
  const verdict = licence === undefined ? undefined : licenceIsAcceptable(licence, rule)
  if (verdict ?? rule.unknown === 'show') return undefined
  return licence === undefined || verdict === undefined
    ? { reason: 'Its metadata states no licence expression that could be judged.' }
    : { reason: `Its licence ${licence} is not allowed here.` }
}

function unwelcome(rule: Of<'names'>, { file }: Question): Objection | undefined {
  const denied = rule.deny.find((target) => targetCovers(target, file.project, file.version))
  if (denied) return { reason: `${denied.text} is denied.` }
  const allowed =
    rule.allow?.some((target) => targetCovers(target, file.project, file.version)) ?? true
  return allowed ? undefined : { reason: `${file.project} is not among what is allowed.` }
}

/** An sdist is for every platform. */
function wrongPlatform(rule: Of<'platforms'>, { file }: Question): Objection | undefined {
  const tags = tryParseWheelFilename(file.filename)?.tags
  if (tags === undefined) return undefined
  const isShown = tags.some(({ platform }) => rule.show.some((entry) => matches(entry, platform)))
  return isShown ? undefined : { reason: `It is only for ${tags[0]?.platform}.` }
}

function matches(entry: string, platform: string): boolean {
  return entry.endsWith('*') ? platform.startsWith(entry.slice(0, -1)) : platform === entry
}
