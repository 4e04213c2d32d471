/** The hosted files of a project as they were at a moment: from the log, and from what is kept of deleted files. */
import { tryParseVersion } from '@cheeseshop/packaging'
import type { ProjectRow } from '../../../database/schema.ts'
import { type FileColumns, fileColumns, toReleaseFile } from '../../catalog/release-file.ts'
import type { Domain } from '../../domain.ts'
import { type HostedLeaf, hostedFile } from '../hosted-file.ts'
import type { IndexFile } from '../index-project.ts'
import type { FoundProject, Question } from '../read-sources.ts'
import type { Moment } from './moment.ts'
import { type LoggedChange, presentFiles, type Yank } from './present-files.ts'
import { statusAt } from './status-at.ts'

/** Files of a project that is in quarantine now are named, so that no other takes their place, and nobody is given them. */
export async function replayFiles(
  question: Question,
  leaf: HostedLeaf,
  row: ProjectRow | undefined,
): Promise<FoundProject | undefined> {
  const { domain, name, at } = question
  const retired = await readRetired(question, leaf)
  const ids = new Set(retired.flatMap(({ project_id }) => project_id ?? []))
  if (row) ids.add(row.id)
  if (ids.size === 0 || at === undefined) return undefined
  const present = presentFiles(await readChanges(domain, [...ids], at))
  if (present.size === 0) return undefined
  const source = row?.status === 'quarantined' ? { ...leaf, isQuarantined: true } : leaf
  const files = [...(await readKept(question, source, row)), ...retired.map(deletedFile(source))]
  return {
    leaf,
    name: row?.name ?? name,
    ...(await statusAt(domain.db, [...ids], at.serial)),
    ...(row && { row }),
    releases: [],
    files: files.flatMap((file) => {
      const then = present.get(file.filename)
      return then === undefined ? [] : [asItWas(file, then.yank)]
    }),
    isStale: false,
  }
}

function deletedFile(source: HostedLeaf) {
  return ({ file, version, retired_at: deletedAt }: Retired): IndexFile => {
    const { licence, ...columns } = JSON.parse(file ?? '') as FileColumns & { licence?: string }
    const asKept = hostedFile(toReleaseFile(columns, version ?? ''), { ...source, deletedAt })
    // Its id may be another file's by now.
    const { id: _, ...shown } = asKept
    return licence === undefined ? shown : { ...shown, licence }
  }
}

function asItWas(file: IndexFile, yank: Yank | undefined): IndexFile {
  const { yankedReason: _, ...rest } = file
  return {
    ...rest,
    releaseId: 0,
    isYanked: yank !== undefined,
    ...(yank?.reason !== undefined && { yankedReason: yank.reason }),
  }
}

async function readKept(
  { domain, filename }: Question,
  source: HostedLeaf,
  row: ProjectRow | undefined,
): Promise<IndexFile[]> {
  if (row === undefined) return []
  let select = domain.db
    .selectFrom('files')
    .innerJoin('releases', 'releases.id', 'files.release_id')
    .select(fileColumns.map((column) => `files.${column}` as const))
    .select('releases.version')
    .where('files.project_id', '=', row.id)
  if (filename !== undefined) select = select.where('files.filename', '=', filename)
  const rows = await select.execute()
  return rows.map((file) => hostedFile(toReleaseFile(file as FileColumns, file.version), source))
}

async function readRetired({ domain, name }: Question, leaf: HostedLeaf) {
  const rows = await domain.db
    .selectFrom('retired_filenames')
    .select(['filename', 'retired_at', 'project_id', 'version', 'file'])
    .where('index_id', '=', leaf.index.id)
    .where('normalized_name', '=', name)
    .where('file', 'is not', null)
    .execute()
  return rows.filter(({ version }) => tryParseVersion(version ?? '') !== undefined)
}

type Retired = Awaited<ReturnType<typeof readRetired>>[number]

const types = [
  ...(['file-published', 'file-yanked', 'file-unyanked', 'file-deleted'] as const),
  ...(['release-yanked', 'release-unyanked', 'release-deleted', 'project-deleted'] as const),
]

async function readChanges(
  { db }: Domain,
  projects: readonly number[],
  { serial, time, isOfTime }: Moment,
): Promise<LoggedChange[]> {
  const all = db
    .selectFrom('events')
    .select(['type', 'version', 'filename', 'facts'])
    .where('project_id', 'in', projects)
    .orderBy('id')
  const rows = await all.where('id', '<=', serial).where('type', 'in', types).execute()
  if (!isOfTime) return rows as LoggedChange[]
  const later = await all
    .where('id', '>', serial)
    .where('type', '=', 'file-published')
    .where('facts', 'like', '%"uploadedAt"%')
    .execute()
  return [...rows, ...later.filter(({ facts }) => wasPublished(facts, time))] as LoggedChange[]
}

function wasPublished(facts: string, time: Date): boolean {
  const { uploadedAt } = JSON.parse(facts) as { uploadedAt?: string }
  return uploadedAt !== undefined && Date.parse(uploadedAt) <= time.getTime()
}
