/** What the API answers with: how each value is written, and the JSON schema of that. */
import type { Event } from '../../domain/activity/event.ts'
import {
  filePath,
  type ProjectFiles,
  type ReleaseFile,
  type ReleaseSummary,
} from '../../domain/catalog/project-files.ts'
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
    releases: list(reference('Release')),
  }),
  Release: object({
    version: text,
    is_prerelease: flag,
    is_yanked: flag,
    yanked_reason: maybe,
    created_at: time,
    files: list(reference('File')),
  }),
  File: object({
    filename: text,
    version: text,
    kind: { enum: ['sdist', 'bdist_wheel'] },
    python_tag: text,
    size: integer,
    sha256: text,
    blake2b_256: text,
    requires_python: maybe,
    metadata_sha256: maybe,
    is_yanked: flag,
    yanked_reason: maybe,
    uploaded_at: time,
    path: text,
  }),
  Event: object({
    serial: integer,
    type: text,
    at: time,
    actor: text,
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

export function projectJson(project: ProjectFiles): object {
  return {
    name: project.name,
    normalized_name: project.normalizedName,
    status: project.status,
    status_reason: project.statusReason ?? null,
    last_serial: project.lastSerial,
    releases: project.releases.map((release) => releaseJson(project, release)),
  }
}

export function releaseJson(project: ProjectFiles, release: ReleaseSummary): object {
  return {
    version: release.version,
    is_prerelease: release.isPrerelease,
    is_yanked: release.isYanked,
    yanked_reason: release.yankedReason ?? null,
    created_at: release.createdAt,
    files: project.files.filter((file) => file.releaseId === release.id).map(fileJson),
  }
}

export function fileJson(file: ReleaseFile): object {
  return {
    filename: file.filename,
    version: file.version,
    kind: file.kind,
    python_tag: file.pythonTag,
    size: file.size,
    sha256: file.sha256,
    blake2b_256: file.blake2b256,
    requires_python: file.requiresPython ?? null,
    metadata_sha256: file.metadataSha256 ?? null,
    is_yanked: file.isYanked,
    yanked_reason: file.yankedReason ?? null,
    uploaded_at: file.uploadedAt,
    path: filePath(file),
  }
}

export function eventJson(event: Event): object {
  return {
    serial: event.serial,
    type: event.type,
    at: event.at.toISOString(),
    actor: event.actor,
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
