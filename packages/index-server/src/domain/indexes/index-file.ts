/** A file by its URL, shown or refused by the same decision as on the page of its project. */
import { type NormalizedName, tryParseName } from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'
import { DomainError } from '../errors.ts'
import { type IndexFile, readIndexProject } from './index-project.ts'
import type { IndexTree } from './index-tree.ts'
import type { Moment } from './snapshots/moment.ts'

export interface WantedFile {
  /** In any spelling; without it, the projects that have an uploaded file of that name are asked. */
  readonly project?: string
  readonly filename: string
  /** Tells the file from others of its name: what its URL says beside the filename. */
  is(file: IndexFile): boolean
  readonly at?: Moment | undefined
}

export interface FoundFile {
  readonly file: IndexFile
  /** Milliseconds: how long this holds if nothing changes. */
  readonly validUntil: number
}

/** Undefined when there is none; DomainError `not-allowed` with the reason when it is there and not shown. */
export async function findIndexFile(
  domain: Domain,
  tree: IndexTree,
  wanted: WantedFile,
): Promise<FoundFile | undefined> {
  for (const name of await namesOf(domain, tree, wanted)) {
    const { filename, at } = wanted
    const project = await readIndexProject(domain, tree, name, { filename, at })
    const shown = project?.files.find((file) => wanted.is(file))
    if (shown) refuseQuarantined(shown, name)
    if (shown) return { file: shown, validUntil: project?.validUntil ?? Number.POSITIVE_INFINITY }
    const withheld = project?.withheld.find(({ file }) => wanted.is(file))
    if (withheld === undefined) continue
    const { rule, reason } = withheld.because
    throw new DomainError('not-allowed', [
      {
        code: 'file-withheld',
        message: `This index does not show ${JSON.stringify(filename)} (${rule}): ${reason}`,
      },
    ])
  }
  return undefined
}

function refuseQuarantined({ filename, source }: IndexFile, name: NormalizedName): void {
  if (source.kind !== 'hosted' || source.isQuarantined !== true) return
  throw new DomainError('not-allowed', [
    {
      code: 'project-quarantined',
      message: `The file ${JSON.stringify(filename)} was there at that time; its project "${name}" is in quarantine now, and nobody is given its files. Ask an administrator of this server.`,
    },
  ])
}

async function namesOf(
  { db }: Domain,
  tree: IndexTree,
  { project, filename, at }: WantedFile,
): Promise<NormalizedName[]> {
  if (project !== undefined) return [tryParseName(project) ?? []].flat()
  const indexes = tree.indexes.map(({ id }) => id)
  const rows = await db
    .selectFrom('files')
    .innerJoin('projects', 'projects.id', 'files.project_id')
    .select('projects.normalized_name')
    .where('files.index_id', 'in', indexes)
    .where('files.filename', '=', filename)
    .execute()
  const retired = at === undefined ? [] : await readRetired(db, indexes, filename)
  const names = [...rows, ...retired].flatMap(({ normalized_name }) => normalized_name ?? [])
  return [...new Set(names)] as NormalizedName[]
}

function readRetired(db: Domain['db'], indexes: readonly number[], filename: string) {
  return db
    .selectFrom('retired_filenames')
    .select('normalized_name')
    .where('index_id', 'in', indexes)
    .where('filename', '=', filename)
    .execute()
}
