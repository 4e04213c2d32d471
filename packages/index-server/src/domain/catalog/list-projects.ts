/** Lists all projects, and those that changed, so that the list of all names can be kept fresh. */
import { type NormalizedName, normalizeName } from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'
import { defaultIndexId } from '../indexes/package-index.ts'

export interface ListedProject {
  name: string
  normalizedName: NormalizedName
  lastSerial: number
}

export interface ProjectListPart {
  /** Only projects whose normalized name comes after this. */
  after?: string
  /** How many at most. Default: all. */
  limit?: number
  /** The one project of this name, if it is listed. */
  only?: NormalizedName
  /** Of which index; the default index where there is none. */
  index?: number
}

/** Small enough that what was read is garbage before it counts as old: a list of 237,515 takes 45 MB less. */
const longestPage = 1000

/** Every project but those in quarantine, by normalized name, also those without files. */
export async function* listProjects(
  { db }: Domain,
  part: ProjectListPart = {},
): AsyncGenerator<ListedProject> {
  let { after = '', limit: left = Number.POSITIVE_INFINITY } = part
  const { index = defaultIndexId } = part
  while (left > 0) {
    const pageSize = Math.min(left, longestPage)
    let select = db
      .selectFrom('projects')
      .select(['name', 'normalized_name', 'last_serial'])
      .where('index_id', '=', index)
      .where('normalized_name', '>', after)
      .where('status', '!=', 'quarantined')
    if (part.only !== undefined) select = select.where('normalized_name', '=', part.only)
    const rows = await select.orderBy('normalized_name').limit(pageSize).execute()
    yield* rows.map(toListed)
    if (rows.length < pageSize) return
    left -= pageSize
    after = rows.at(-1)!.normalized_name
  }
}

export interface ProjectListChange {
  normalizedName: NormalizedName
  /** How the list shows it now; absent when it does not: deleted, or in quarantine. */
  listed?: ListedProject
}

/**
 * Each project that something happened to after the serial, once. Who keeps a list fresh reads the last serial
 * first and then asks, so that what happens in between is told again and never missed.
 */
export async function projectsChangedSince(
  { db }: Domain,
  serial: number,
  index = defaultIndexId,
): Promise<ProjectListChange[]> {
  const deleted = await db
    .selectFrom('events')
    .select('project_name')
    .distinct()
    .where('id', '>', serial)
    .where('type', '=', 'project-deleted')
    .where((where) => where(where.fn.coalesce('index_id', where.lit(defaultIndexId)), '=', index))
    .execute()
  const rows = await db
    .selectFrom('projects')
    .select(['name', 'normalized_name', 'last_serial', 'status'])
    .where('index_id', '=', index)
    .where('last_serial', '>', serial)
    .execute()
  const changes = new Map<NormalizedName, ProjectListChange>()
  for (const { project_name } of deleted) {
    const normalizedName = normalizeName(project_name ?? '')
    changes.set(normalizedName, { normalizedName })
  }
  for (const row of rows) {
    const normalizedName = row.normalized_name as NormalizedName
    const listed = row.status === 'quarantined' ? {} : { listed: toListed(row) }
    changes.set(normalizedName, { normalizedName, ...listed })
  }
  return [...changes.values()]
}

interface ListedColumns {
  name: string
  normalized_name: string
  last_serial: number
}

function toListed(row: ListedColumns): ListedProject {
  return {
    name: row.name,
    normalizedName: row.normalized_name as NormalizedName,
    lastSerial: row.last_serial,
  }
}
