/** Reads advisories in the Open Source Vulnerability format (OSV schema 1.7), as its archives hold them. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import cvss from 'ae-cvss-calculator'
import {
  type Advisory,
  type Affected,
  type AffectedRange,
  type Severity,
  severities,
} from './advisory.ts'

/** One advisory for each PyPI project the record speaks of; none for a record that cannot be read. */
export function readOsv(value: unknown): Advisory[] {
  const record = fieldsOf(value)
  const id = textOf(record['id'], 100)
  if (id === '' || !/^[\w.:-]+$/.test(id)) return []
  const withdrawnAt = timeOf(record['withdrawn'])
  const common = {
    id,
    aliases: textsOf(record['aliases'], 100),
    summary: textOf(record['summary'], 500),
    details: textOf(record['details'], 20_000),
    modifiedAt: timeOf(record['modified']) ?? new Date(0).toISOString(),
    link: linkOf(record),
    ...(withdrawnAt !== undefined && { withdrawnAt }),
  }
  const general = { scores: scoresOf(record), label: labelOf(record) }
  const byProject = new Map<NormalizedName, Affected[]>()
  const severity = new Map<NormalizedName, Severity>()
  for (const entry of listOf(record['affected'])) {
    const affected = fieldsOf(entry)
    const project = pypiProject(affected)
    if (project === undefined) continue
    const parts = byProject.get(project)
    if (parts === undefined) byProject.set(project, [affectedOf(affected)])
    else parts.push(affectedOf(affected))
    severity.set(project, severityOf(affected, general))
  }
  return [...byProject].map(([project, parts]) => ({
    ...common,
    project,
    severity: severity.get(project) ?? 'unknown',
    affected: {
      versions: [...new Set(parts.flatMap(({ versions }) => versions))],
      ranges: parts.flatMap(({ ranges }) => ranges),
    },
  }))
}

function pypiProject(affected: Fields): NormalizedName | undefined {
  const { ecosystem, name } = fieldsOf(affected['package']) as {
    ecosystem?: unknown
    name?: unknown
  }
  return ecosystem === 'PyPI' ? tryParseName(textOf(name, 300)) : undefined
}

function affectedOf(affected: Fields): Affected {
  const ranges = listOf(affected['ranges'])
    .map(fieldsOf)
    .filter(({ type }) => type === 'ECOSYSTEM')
  return {
    versions: textsOf(affected['versions'], 20_000),
    ranges: ranges.flatMap(({ events }) => readEvents(listOf(events).map(fieldsOf))),
  }
}

/** OSV, "affected[].ranges[].events": each `introduced` opens a range that the next `fixed` or `last_affected` ends. */
function readEvents(events: readonly Fields[]): AffectedRange[] {
  const ranges: { introduced: string; fixed?: string; lastAffected?: string }[] = []
  for (const event of events) {
    const introduced = textOf(event['introduced'], 100)
    const fixed = textOf(event['fixed'], 100)
    const lastAffected = textOf(event['last_affected'], 100)
    if (introduced !== '') ranges.push({ introduced })
    else if (fixed !== '') Object.assign(ranges.at(-1) ?? {}, { fixed })
    else if (lastAffected !== '') Object.assign(ranges.at(-1) ?? {}, { lastAffected })
  }
  return ranges
}

/** The gravest of what is said: CVSS vectors first, the label of the database where there is none. */
function severityOf(
  affected: Fields,
  general: { readonly scores: readonly number[]; readonly label: string },
): Severity {
  const scores = [...scoresOf(affected), ...general.scores]
  if (scores.length > 0) return ofScore(Math.max(...scores))
  const { label } = general
  return (
    severities.find((severity) => severity === label) ??
    (label === 'moderate' ? 'medium' : 'unknown')
  )
}

/** One for each version of CVSS is what there is. */
const mostVectors = 20

function scoresOf(fields: Fields): number[] {
  const vectors = listOf(fields['severity']).slice(0, mostVectors)
  return vectors.flatMap((entry) => scoreOf(textOf(fieldsOf(entry)['score'], 500)) ?? [])
}

function labelOf(record: Fields): string {
  return textOf(fieldsOf(record['database_specific'])['severity'], 20).toLowerCase()
}

function scoreOf(vector: string): number | undefined {
  try {
    return cvss.fromVector(vector)?.calculateScores().overall
  } catch {
    return undefined
  }
}

/** CVSS 3.1 and 4.0, "Qualitative Severity Rating Scale". */
function ofScore(score: number): Severity {
  if (score >= 9) return 'critical'
  if (score >= 7) return 'high'
  return score >= 4 ? 'medium' : 'low'
}

function linkOf(record: Fields): string {
  const urls = listOf(record['references']).map((entry) => textOf(fieldsOf(entry)['url'], 1000))
  return urls.find((url) => /^https?:\/\//.test(url) && URL.canParse(url)) ?? ''
}

type Fields = Record<string, unknown>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, 20_000) : []
}

function textOf(value: unknown, most: number): string {
  return typeof value === 'string' ? value.slice(0, most) : ''
}

function textsOf(value: unknown, most: number): string[] {
  return listOf(value)
    .slice(0, most)
    .flatMap((item) => textOf(item, 200) || [])
}

function timeOf(value: unknown): string | undefined {
  const time = new Date(typeof value === 'string' ? value : Number.NaN)
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString()
}
