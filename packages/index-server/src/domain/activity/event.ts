/** Every kind of event there is, with what it is about and its facts. */
import type { FileKind, ProjectStatus } from '../../database/schema.ts'
import type { Scope } from '../identity.ts'

/** Something that happened: what `recordEvent` writes. */
export type NewEvent = CatalogEvent | AccountEvent

/** An event as it stands in the log. */
export type Event = NewEvent & {
  /** Its place in the log: greater than that of every event committed before it. */
  readonly serial: number
}

export type EventType = NewEvent['type']

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
  | About<'file-yanked', File, { reason?: string }>
  | About<'file-unyanked', File>
  | About<'file-deleted', File, { size: number; sha256: string }>

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
  facts: Facts
} & Subject

type Nothing = { project?: undefined; version?: undefined; filename?: undefined }
type Project = { project: { id: number; name: string }; version?: undefined; filename?: undefined }
type Release = Omit<Project, 'version'> & { version: string }
type File = Omit<Release, 'filename'> & { filename: string }

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
}

interface TokenFacts {
  tokenId: number
  name: string
  /** Whose token it is. */
  username: string
  scopes: readonly Scope[]
}
