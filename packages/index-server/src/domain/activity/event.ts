/** Every kind of event there is, with what it is about and its facts. */
import type { FileKind, IndexRole, NameOrigin, ProjectStatus } from '../../database/schema.ts'
import type { Scope } from '../identity.ts'

/** Something that happened: what `recordEvent` writes. */
export type NewEvent = CatalogEvent | IndexEvent | AccountEvent

/** An event as it stands in the log. */
export type Event = NewEvent & {
  /** Its place in the log: greater than that of every event committed before it. */
  readonly serial: number
}

export type CatalogEvent =
  | About<'project-created', Project>
  | About<'project-status-changed', Project, StatusChange>
  /** The counts are of what went with it; no event is written for each. */
  | About<'project-deleted', Project, { releases: number; files: number; bytes: number }>
  | About<'release-created', Release>
  | About<'release-yanked', Release, { reason?: string }>
  | About<'release-unyanked', Release>
  | About<'release-deleted', Release, { files: number; bytes: number }>
  | About<'file-published', File, FileFacts>
  /** The files came from another index; each has its own event before this one. */
  | About<'release-promoted', Release, { from: string; to: string; files: number }>
  | About<'file-yanked', File, { reason?: string }>
  | About<'file-unyanked', File>
  | About<'file-deleted', File, { size: number; sha256: string }>

export type IndexEvent =
  | About<'index-created', Nothing, IndexFacts>
  | About<'index-changed', Nothing, IndexFacts & { formerSources?: readonly string[] }>
  | About<'index-deleted', Nothing, { path: string }>
  | About<'index-member-set', Nothing, { username: string; role: IndexRole }>
  | About<'index-member-removed', Nothing, { username: string; role: IndexRole }>
  | About<'origin-set', Nothing, { name: string; from: string; origin: NameOrigin }>
  | About<'name-claimed', Nothing, { pattern: string }>
  | About<'name-released', Nothing, { pattern: string }>
  | About<'policy-set', Nothing, { rules: number }>
  | About<'exemption-made', Nothing, ExemptionFacts>
  | About<'exemption-ended', Nothing, ExemptionFacts>
  | About<'advisories-imported', Nothing, { changed: number; read: number }>

export type AccountEvent =
  | About<'user-created', Nothing, { username: string; isAdministrator: boolean }>
  | About<'token-created', Nothing, TokenFacts>
  | About<'token-revoked', Nothing, TokenFacts>
  | About<'grant-added', Project, { username: string; role: 'owner' | 'maintainer' }>
  | About<'grant-removed', Project, { username: string; role: 'owner' | 'maintainer' }>

type About<Type extends string, Subject, Facts = Record<never, never>> = {
  type: Type
  at: Date
  /** The username of who did it, or the name of the part of the server. */
  actor: string
  /** The id of the index it happened in. */
  index?: number
  facts: Facts
} & Subject

type Nothing = { project?: undefined; version?: undefined; filename?: undefined }
type Project = { project: { id: number; name: string }; version?: undefined; filename?: undefined }
type Release = Omit<Project, 'version'> & { version: string }
type File = Omit<Release, 'filename'> & { filename: string }

interface IndexFacts {
  path: string
  /** As people write them. */
  sources: readonly string[]
  readers: 'everyone' | 'members'
  uploaders: 'everyone' | 'members'
}

interface ExemptionFacts {
  exemptionId: number
  target: string
  rule?: string
  reason: string
  expiresAt: string
}

interface StatusChange {
  from: ProjectStatus
  to: ProjectStatus
  reason?: string
}

interface FileFacts {
  kind: FileKind
  pythonTag: string
  size: number
  sha256: string
  uploadedVia?: string
  /** It was published elsewhere before, and came with an import. */
  uploadedAt?: string
  /** Whether it was yanked there. */
  yanked?: false | { reason?: string }
}

interface TokenFacts {
  tokenId: number
  name: string
  /** Whose token it is. */
  username: string
  scopes: readonly Scope[]
}
