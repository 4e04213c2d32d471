/** Uploads and everything they leave behind, for tests that look at all of it. */
import { createHash } from 'node:crypto'
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import type { BuiltDistribution } from '@cheeseshop/testing'
import type { Database } from '../database/database.ts'
import { createUser } from '../domain/accounts/users.ts'
import { type Publication, publishFile, type Upload } from '../domain/catalog/files.ts'
import type { Domain } from '../domain/domain.ts'
import { DomainError, type Problem } from '../domain/errors.ts'
import type { Identity, Scope } from '../domain/identity.ts'
import { type BlobStore, stageBytes } from '../storage/blob-store.ts'

export interface TestUser {
  isAdministrator?: boolean
  scopes?: readonly Scope[]
  projects?: readonly string[]
}

/** A user with a token for everything that is not said otherwise. */
export async function addUser(
  domain: Domain,
  username: string,
  { isAdministrator = false, scopes = ['upload', 'manage', 'admin'], projects }: TestUser = {},
): Promise<Identity> {
  const { id: userId } = await createUser(domain, { username, isAdministrator })
  const limit = projects && { projects: new Set<NormalizedName>(projects.map(normalizeName)) }
  return { userId, username, isAdministrator, tokenId: 0, scopes: new Set(scopes), ...limit }
}

/** What a test changes in an upload that would be right. */
export interface UploadChanges {
  /** Fields to set, or to leave out where the value is undefined. */
  fields?: Record<string, string | string[] | undefined>
  fileFields?: readonly string[]
  filename?: string
  contentType?: string
  bytes?: Uint8Array
  withoutContent?: boolean
  userAgent?: string
}

export async function uploadOf(
  blobs: BlobStore,
  built: BuiltDistribution,
  changes: UploadChanges = {},
): Promise<Upload> {
  const fields = new Map<string, readonly string[]>(built.fields)
  for (const [name, value] of Object.entries(changes.fields ?? {})) {
    if (value === undefined) fields.delete(name)
    else fields.set(name, [value].flat())
  }
  const fileFields = new Set(changes.fileFields ?? ['content'])
  const client = changes.userAgent === undefined ? {} : { userAgent: changes.userAgent }
  if (changes.withoutContent) return { fields, fileFields, ...client }
  const content = {
    filename: changes.filename ?? built.filename,
    contentType: changes.contentType ?? 'application/octet-stream',
    blob: await stageBytes(blobs, changes.bytes ?? built.bytes),
  }
  return { fields, fileFields, content, ...client }
}

export async function publish(
  domain: Domain,
  identity: Identity,
  built: BuiltDistribution,
  changes: UploadChanges = {},
): Promise<Publication> {
  return publishFile(domain, identity, await uploadOf(domain.blobs, built, changes))
}

/** The problems of a refusal; fails when there is none. */
export async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  return (await refusalOf(work)).problems
}

export async function refusalOf(work: Promise<unknown>): Promise<DomainError> {
  try {
    await work
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error('It was not refused.')
}

const tables = [
  'projects',
  'releases',
  'files',
  'file_metadata',
  'retired_filenames',
  'grants',
  'events',
  'totals',
] as const

/** All rows of the catalog, as JSON, and the digests of all stored blobs: to compare before and after. */
export async function everything({ db, blobs }: { db: Database; blobs: BlobStore }) {
  const stored = await Array.fromAsync(blobs.list())
  const contents: Record<string, readonly string[]> = {
    blobs: stored.map(({ sha256 }) => sha256).sort(),
  }
  for (const table of tables) {
    const rows = await db.selectFrom(table).selectAll().execute()
    contents[table] = rows.map((row) => JSON.stringify(row)).sort()
  }
  return contents as Everything
}

type Everything = Readonly<Record<(typeof tables)[number] | 'blobs', readonly string[]>>

/** The same upload with other bytes in the file, and their digest in the form. */
export function withBytes(built: BuiltDistribution, bytes: Uint8Array): BuiltDistribution {
  const fields = new Map(built.fields)
  fields.delete('md5_digest')
  fields.set('sha256_digest', [createHash('sha256').update(bytes).digest('hex')])
  return { ...built, bytes, fields }
}
