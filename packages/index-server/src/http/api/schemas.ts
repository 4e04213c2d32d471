/** What the API answers with: how each value is written, and the JSON schema of that. */
import type { Event } from '../../domain/activity/event.ts'
import type { ReleaseSummary } from '../../domain/catalog/project-files.ts'
import type { IndexFile, IndexProject } from '../../domain/indexes/index-project.ts'
import type { DescribedIndex } from '../../domain/indexes/indexes.ts'
import { indexName } from '../../domain/indexes/package-index.ts'
import type { Explanation } from '../../domain/policy/explain-project.ts'
import type { Exemption } from '../../domain/policy/policy-rule.ts'
import type { ApiToken } from '../../domain/trust/api-token.ts'

const text = { type: 'string' }
const maybe = { type: ['string', 'null'] }
const integer = { type: 'integer' }
const flag = { type: 'boolean' }
const time = { type: 'string', format: 'date-time' }
const maybeTime = { type: ['string', 'null'], format: 'date-time' }

type Properties = Readonly<Record<string, object>>
const object = (properties: Properties) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
})
const list = (items: object) => ({ type: 'array', items })
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` })

export const schemas = {
  ListedProject: object({ name: text, normalized_name: text, last_serial: integer }),
  ProjectPage: object({ projects: list(reference('ListedProject')), next: maybe }),
  Project: object({
    name: text,
    normalized_name: text,
    status: { enum: ['active', 'archived', 'deprecated', 'quarantined'] },
    status_reason: maybe,
    last_serial: integer,
    origin: { enum: ['unclaimed', 'hosted', 'upstream', 'both'] },
    origin_reason: text,
    releases: list(reference('Release')),
  }),
  Release: object({
    version: text,
    is_prerelease: flag,
    is_yanked: flag,
    yanked_reason: maybe,
    created_at: maybeTime,
    files: list(reference('File')),
  }),
  File: object({
    filename: text,
    version: text,
    kind: { enum: ['sdist', 'bdist_wheel'] },
    python_tag: text,
    size: { type: ['integer', 'null'] },
    sha256: maybe,
    blake2b_256: maybe,
    requires_python: maybe,
    metadata_sha256: maybe,
    is_yanked: flag,
    yanked_reason: maybe,
    uploaded_at: maybeTime,
    path: text,
    source: object({ kind: { enum: ['hosted', 'upstream'] }, name: text }),
  }),
  Index: object({
    path: text,
    sources: list(text),
    readers: { enum: ['everyone', 'members'] },
    uploaders: { enum: ['everyone', 'members'] },
    claims: list(text),
    revision: integer,
    created_at: time,
  }),
  IndexList: object({ indexes: list(reference('Index')) }),
  Member: object({ username: text, role: { enum: ['reader', 'uploader', 'owner'] } }),
  MemberList: object({ members: list(reference('Member')) }),
  Explanation: object({
    project: text,
    origin: { enum: ['unclaimed', 'hosted', 'upstream', 'both'] },
    origin_reason: text,
    is_stale: flag,
    files: list(reference('ExplainedFile')),
  }),
  ExplainedFile: object({
    version: text,
    filename: text,
    source: text,
    uploaded_at: maybeTime,
    is_yanked: flag,
    is_shown: flag,
    rule: maybe,
    reason: maybe,
    remarks: list(text),
    until: maybeTime,
  }),
  Policy: object({ rules: list({ type: 'object' }), exemptions: list(reference('Exemption')) }),
  Exemption: object({
    id: integer,
    target: text,
    rule: maybe,
    reason: text,
    created_by: text,
    created_at: time,
    expires_at: time,
  }),
  PolicyPreview: object({ changes: list(reference('PolicyChange')), is_complete: flag }),
  PolicyChange: object({
    project: text,
    filename: text,
    becomes: { enum: ['shown', 'hidden'] },
    rule: text,
    reason: text,
  }),
  Origin: object({ origin: { enum: ['unclaimed', 'hosted', 'upstream', 'both'] }, reason: text }),
  Promoted: object({ files: list(text), serial: integer }),
  Event: object({
    serial: integer,
    type: text,
    at: time,
    actor: text,
    index: maybe,
    project: maybe,
    version: maybe,
    filename: maybe,
    facts: { type: 'object' },
  }),
  EventPage: object({ events: list(reference('Event')), next: integer }),
  Token: object({
    id: integer,
    name: text,
    scopes: list(text),
    projects: { type: ['array', 'null'], items: text },
    created_at: time,
    expires_at: maybeTime,
    last_used_at: maybeTime,
  }),
  TokenList: object({ tokens: list(reference('Token')) }),
  NewToken: object({ id: integer, token: text }),
  Change: object({ serial: integer }),
  Done: object({ done: flag }),
  Problem: object({
    title: text,
    status: integer,
    detail: text,
    code: text,
    errors: list(object({ code: text, detail: text })),
  }),
} as const

export type SchemaName = keyof typeof schemas

export function projectJson(project: IndexProject): object {
  return {
    name: project.name,
    normalized_name: project.normalizedName,
    status: project.status,
    status_reason: project.statusReason ?? null,
    last_serial: project.lastSerial,
    origin: project.origin.origin,
    origin_reason: project.origin.reason,
    releases: project.releases.map((release) => releaseJson(project, release)),
  }
}

export function releaseJson(project: IndexProject, release: ReleaseSummary): object {
  return {
    version: release.version,
    is_prerelease: release.isPrerelease,
    is_yanked: release.isYanked,
    yanked_reason: release.yankedReason ?? null,
    created_at: release.createdAt ?? null,
    files: project.files.filter((file) => file.releaseId === release.id).map(fileJson),
  }
}

export function fileJson(file: IndexFile): object {
  return {
    filename: file.filename,
    version: file.version,
    kind: file.kind,
    python_tag: file.pythonTag,
    size: file.size ?? null,
    sha256: file.hashes['sha256'] ?? null,
    blake2b_256: file.hashes['blake2b_256'] ?? null,
    requires_python: file.requiresPython ?? null,
    metadata_sha256: file.metadataSha256 ?? null,
    is_yanked: file.isYanked,
    yanked_reason: file.yankedReason ?? null,
    uploaded_at: file.uploadedAt ?? null,
    path: file.path,
    source: sourceJson(file.source),
  }
}

function sourceJson(source: IndexFile['source']): object {
  return source.kind === 'hosted'
    ? { kind: 'hosted', name: indexName(source.index) }
    : { kind: 'upstream', name: source.upstream.name }
}

export function explanationJson({ project, origin, isStale, files }: Explanation): object {
  return {
    project,
    origin: origin.origin,
    origin_reason: origin.reason,
    is_stale: isStale,
    files: files.map((file) => ({
      version: file.version,
      filename: file.filename,
      source: file.source,
      uploaded_at: file.uploadedAt ?? null,
      is_yanked: file.isYanked,
      is_shown: file.isShown,
      rule: file.rule ?? null,
      reason: file.reason ?? null,
      remarks: file.remarks,
      until: file.until ?? null,
    })),
  }
}

export function exemptionJson(exemption: Exemption): object {
  const { id, target, rule, reason, by, createdAt, expiresAt } = exemption
  return {
    id,
    target: target.text,
    rule: rule ?? null,
    reason,
    created_by: by,
    created_at: createdAt,
    expires_at: expiresAt,
  }
}

export function indexJson(index: DescribedIndex): object {
  const { sources, readers, uploaders, claims, revision, createdAt } = index
  const path = indexName(index)
  return { path, sources, readers, uploaders, claims, revision, created_at: createdAt }
}

/** `index`: its name, where the event is about one. */
export function eventJson(event: Event, index: string | undefined): object {
  return {
    serial: event.serial,
    type: event.type,
    at: event.at.toISOString(),
    actor: event.actor,
    index: index ?? null,
    project: event.project?.name ?? null,
    version: event.version ?? null,
    filename: event.filename ?? null,
    facts: event.facts,
  }
}

export function tokenJson(token: ApiToken): object {
  return {
    id: token.id,
    name: token.name,
    scopes: token.scopes,
    projects: token.projects ?? null,
    created_at: token.createdAt,
    expires_at: token.expiresAt ?? null,
    last_used_at: token.lastUsedAt ?? null,
  }
}
