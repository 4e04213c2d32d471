/** Finds a project, and what the caller is to it. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import type { Database, Tx } from '../../database/database.ts'
import type { ProjectRow, ProjectStatus } from '../../database/schema.ts'
import type { Domain } from '../domain.ts'
import { defaultIndexId } from '../indexes/package-index.ts'

export interface Project {
  id: number
  /** Where it is hosted. */
  index: number
  /** The spelling of the newest upload. */
  name: string
  normalizedName: NormalizedName
  status: ProjectStatus
  statusReason?: string
  lastSerial: number
  /** Bytes of all its files. */
  size: number
  createdAt: string
}

/** Takes any spelling of the name. */
export async function findProject(
  { db }: Domain,
  name: string,
  index = defaultIndexId,
): Promise<Project | undefined> {
  const normalizedName = tryParseName(name)
  const row = normalizedName && (await findProjectRow(db, normalizedName, index))
  return row && toProject(row)
}

export function findProjectRow(
  db: Database | Tx,
  normalizedName: NormalizedName,
  index: number,
): Promise<ProjectRow | undefined> {
  return db
    .selectFrom('projects')
    .selectAll()
    .where('index_id', '=', index)
    .where('normalized_name', '=', normalizedName)
    .executeTakeFirst()
}

function toProject(row: ProjectRow): Project {
  return {
    id: row.id,
    index: row.index_id,
    name: row.name,
    normalizedName: row.normalized_name as NormalizedName,
    status: row.status,
    ...(row.status_reason !== null && { statusReason: row.status_reason }),
    lastSerial: row.last_serial,
    size: row.size,
    createdAt: row.created_at,
  }
}
