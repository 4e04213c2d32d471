/** What can be done to indexes: create, list, change and delete. */
import { type Tx, transact } from '../../database/database.ts'
import type { IndexRole } from '../../database/schema.ts'
import { recordEvent } from '../activity/events.ts'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import type { Identity } from '../identity.ts'
import { tryParseIndexPath } from './index-path.ts'
import { type IndexTree, loadIndexTree } from './index-tree.ts'
import { defaultIndexId, indexName, type PackageIndex } from './package-index.ts'
import { requireReader } from './readers.ts'
import { requireManager, requireOwnedIndex, requireWritable } from './require-index.ts'
import { describeSources, readSourceNames, refuseCycle, type SourceRow } from './sources.ts'

export interface IndexSettings {
  /** As people write them; see sources.ts. */
  sources?: readonly string[]
  readers?: PackageIndex['readers']
  uploaders?: PackageIndex['uploaders']
}

export interface NewMember {
  readonly userId: number
  readonly username: string
  readonly role: IndexRole
}

/** Administrators create any, everybody else below their own username. Returns its serial. */
export async function createIndex(
  domain: Domain,
  identity: Identity,
  wanted: IndexSettings & { path: string; members?: readonly NewMember[] },
): Promise<number> {
  requireWritable(domain)
  requireManager(identity)
  const path = requirePath(wanted.path)
  requireOwnerOf(path, identity)
  return transact(domain.db, async (tx) => {
    const known = await tx.selectFrom('indexes').select('id').where('path', '=', path).execute()
    if (known.length > 0) throw new DomainError('conflict', `The index ${path} exists already.`)
    await refuseTooMany(tx, identity)
    const { readers = 'everyone', uploaders = 'members', sources = [] } = wanted
    const at = domain.clock()
    const { id } = await tx
      .insertInto('indexes')
      .values({ path, readers, uploaders, revision: 0, created_at: at.toISOString() })
      .returning('id')
      .executeTakeFirstOrThrow()
    const rows = await readSourceNames(tx, sources)
    await refuseForeign(tx, identity, rows)
    await replaceSources(tx, id, rows)
    await tx
      .insertInto('index_members')
      .values({
        ...{ index_id: id, user_id: identity.userId, role: 'owner' },
        created_at: at.toISOString(),
      })
      .execute()
    for (const member of wanted.members ?? []) await addMember(tx, { id, identity, at }, member)
    return recordChange(tx, { id, identity, at, type: 'index-created' })
  })
}

/** Changes what is given and leaves the rest. */
export async function changeIndex(
  domain: Domain,
  identity: Identity,
  wanted: IndexSettings & { path: string },
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const { index } = await requireOwnedIndex(tx, domain, identity, wanted.path)
    const formerSources = await describeSources(tx, index.id)
    const { readers = index.readers, uploaders = index.uploaders, sources } = wanted
    await tx.updateTable('indexes').set({ readers, uploaders }).where('id', '=', index.id).execute()
    if (sources !== undefined) {
      const rows = await readSourceNames(tx, sources)
      await refuseCycle(tx, index.id, rows)
      await refuseForeign(tx, identity, rows)
      await replaceSources(tx, index.id, rows)
    }
    const change = { id: index.id, identity, at: domain.clock(), formerSources }
    return recordChange(tx, { ...change, type: 'index-changed' })
  })
}

/** Only an empty one that nobody reads: what was published is deleted on purpose, not by the way. */
export async function deleteIndex(
  domain: Domain,
  identity: Identity,
  path: string,
): Promise<number> {
  return transact(domain.db, async (tx) => {
    const { index } = await requireOwnedIndex(tx, domain, identity, path)
    if (index.id === defaultIndexId) {
      throw new DomainError('conflict', 'The default index cannot be deleted.')
    }
    await requireUnneeded(tx, index)
    await tx.deleteFrom('totals').where('index_id', '=', index.id).execute()
    await tx.deleteFrom('indexes').where('id', '=', index.id).execute()
    const facts = { path: index.path }
    const about = { at: domain.clock(), actor: identity.username, index: index.id, facts }
    return recordEvent(tx, { ...about, type: 'index-deleted' })
  })
}

/** Nobody reads it, and it has no projects. */
async function requireUnneeded(tx: Tx, index: PackageIndex): Promise<void> {
  const name = indexName(index)
  const readers = await tx
    .selectFrom('index_sources')
    .innerJoin('indexes', 'indexes.id', 'index_sources.index_id')
    .select('indexes.path')
    .where('source_index_id', '=', index.id)
    .execute()
  if (readers.length > 0) {
    const paths = readers.map((each) => indexName(each)).join(', ')
    throw new DomainError('conflict', `The index ${name} is read by ${paths}. Change them first.`)
  }
  const project = await tx
    .selectFrom('projects')
    .select('name')
    .where('index_id', '=', index.id)
    .limit(1)
    .executeTakeFirst()
  if (project !== undefined) {
    throw new DomainError(
      'conflict',
      `The index ${name} has projects, "${project.name}" among them. Delete them first.`,
    )
  }
}

export interface DescribedIndex extends PackageIndex {
  readonly sources: readonly string[]
  /** Everyone may read it and all that it reads. */
  readonly isOpen: boolean
}

/** By path, the default index first. */
export async function listIndexes({ db }: Domain): Promise<DescribedIndex[]> {
  const rows = await db.selectFrom('indexes').select('id').orderBy('path').execute()
  const found: DescribedIndex[] = []
  for (const { id } of rows) {
    const tree = await loadIndexTree(db, id)
    if (tree) found.push(await describeIndex({ db }, tree))
  }
  return found
}

/** By id, as people call them. */
export async function readIndexNames({ db }: Domain): Promise<ReadonlyMap<number, string>> {
  const rows = await db.selectFrom('indexes').select(['id', 'path']).execute()
  return new Map(rows.map((row) => [row.id, indexName(row)]))
}

export async function describeIndex(
  { db }: Pick<Domain, 'db'>,
  { index, isOpen }: IndexTree,
): Promise<DescribedIndex> {
  return { ...index, isOpen, sources: await describeSources(db, index.id) }
}

interface Change {
  id: number
  identity: Identity
  at: Date
  type: 'index-created' | 'index-changed'
  /** Before the change: the default index has no event that says what it was made as. */
  formerSources?: readonly string[]
}

async function addMember(
  tx: Tx,
  { id, identity, at }: Omit<Change, 'type'>,
  { userId, username, role }: NewMember,
): Promise<void> {
  await tx
    .insertInto('index_members')
    .values({ index_id: id, user_id: userId, role, created_at: at.toISOString() })
    .execute()
  const about = { at, actor: identity.username, index: id, facts: { username, role } }
  await recordEvent(tx, { ...about, type: 'index-member-set' })
}

async function recordChange(
  tx: Tx,
  { id, identity, at, type, formerSources }: Change,
): Promise<number> {
  const { path, readers, uploaders } = await tx
    .selectFrom('indexes')
    .select(['path', 'readers', 'uploaders'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const sources = await describeSources(tx, id)
  const facts = { path, sources, readers, uploaders, ...(formerSources && { formerSources }) }
  const about = { at, actor: identity.username, index: id, facts }
  return touchIndex(tx, id, await recordEvent(tx, { ...about, type }))
}

/** Called with the serial of every change of an index, so that nothing made before it is used again. */
export async function touchIndex(tx: Tx, id: number, serial: number): Promise<number> {
  await tx.updateTable('indexes').set({ revision: serial }).where('id', '=', id).execute()
  return serial
}

async function replaceSources(tx: Tx, id: number, rows: readonly SourceRow[]): Promise<void> {
  await tx.deleteFrom('index_sources').where('index_id', '=', id).execute()
  const values = rows.map((row, position) => ({ index_id: id, position, ...row }))
  await tx.insertInto('index_sources').values(values).execute()
}

/** Whoever adds an index to another shows it to the readers of that one, so they must be among its own. */
async function refuseForeign(
  tx: Tx,
  identity: Identity,
  rows: readonly SourceRow[],
): Promise<void> {
  for (const { source_index_id: id } of rows) {
    const tree = id === null ? undefined : await loadIndexTree(tx, id)
    if (tree) await requireReader({ db: tx }, tree, identity)
  }
}

/** Each is asked about on pages for everybody. */
const mostOwned = 100

async function refuseTooMany(tx: Tx, identity: Identity): Promise<void> {
  if (identity.isAdministrator) return
  const owned = await tx
    .selectFrom('index_members')
    .select('index_id')
    .where('user_id', '=', identity.userId)
    .where('role', '=', 'owner')
    .limit(mostOwned)
    .execute()
  if (owned.length < mostOwned) return
  throw new DomainError(
    'not-allowed',
    `The user "${identity.username}" owns ${mostOwned} indexes, which is the most. Delete one, or ask an administrator.`,
  )
}

function requirePath(text: string): string {
  const path = tryParseIndexPath(text)
  if (path) return path
  throw new DomainError('invalid', [
    {
      code: 'path-invalid',
      field: 'path',
      message: `${JSON.stringify(text.slice(0, 100))} cannot be the path of an index. Write OWNER/NAME, in lower-case letters, digits and -._, with an owner that is no path of this server.`,
    },
  ])
}

function requireOwnerOf(path: string, identity: Identity): void {
  const [owner] = path.split('/')
  if (identity.isAdministrator || owner === identity.username.toLowerCase()) return
  throw new DomainError(
    'not-allowed',
    `The user "${identity.username}" may create indexes below ${identity.username.toLowerCase()}/ only. Ask an administrator for ${path}.`,
  )
}
