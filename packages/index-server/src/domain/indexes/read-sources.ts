/** Asks the sources of an index for a project, in their order. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { ProjectRow, ProjectStatus, ReleaseRow } from '../../database/schema.ts'
import { fileColumns, toReleaseFile } from '../catalog/release-file.ts'
import type { Domain } from '../domain.ts'
import type { UpstreamProject } from '../upstream/upstreams.ts'
import { type HostedLeaf, hostedFile } from './hosted-file.ts'
import type { IndexFile } from './index-project.ts'
import type { IndexTree, Leaf } from './index-tree.ts'
import { allowsUpstream, type OriginDecision } from './name-origin.ts'
import type { NameState } from './name-state.ts'
import type { Moment } from './snapshots/moment.ts'
import { replayFiles } from './snapshots/replay-files.ts'
import { upstreamFile } from './upstream-file.ts'

/** What is asked of an index. */
export interface Question {
  readonly domain: Domain
  readonly tree: IndexTree
  readonly name: NormalizedName
  readonly state: NameState
  readonly origin: OriginDecision
  /** Of a moment: what was decided then. What protects today protects the past too. */
  readonly originThen?: OriginDecision | undefined
  readonly at?: Moment | undefined
  readonly filename?: string
  readonly keptOnly?: boolean
  readonly withKeptOut?: boolean
}

/** A project in one source; `releaseId` of its files is not yet that of the merged project. */
export interface FoundProject {
  readonly leaf: Leaf
  readonly name: string
  readonly status: ProjectStatus
  readonly statusReason?: string
  /** Of a hosted project. */
  readonly row?: ProjectRow
  readonly releases: readonly ReleaseRow[]
  readonly files: readonly IndexFile[]
  readonly freshUntil?: number
  readonly isStale: boolean
  /** It is known and not shown: an upstream before it has the project, or the origin keeps all of them out. */
  readonly isKeptOut?: boolean
}

/**
 * A name that is kept for uploads is never told to an upstream. Where a name comes from upstream, the first that has
 * it has it alone, so that a public index adds nothing to a private one; and when that one cannot be asked, the next
 * is not asked in its place.
 */
export async function readSources(question: Question): Promise<FoundProject[]> {
  const { tree } = question
  const origins = originsOf(question)
  const isShared = origins.every(({ origin }) => origin === 'both')
  const isClosed = !origins.every(({ origin }) => allowsUpstream(origin))
  const found: FoundProject[] = []
  for (const leaf of tree.leaves) {
    if (leaf.kind === 'upstream') {
      const isTaken = !isShared && found.some((each) => each.leaf.kind === 'upstream')
      const isKeptOut = isTaken || isClosed
      if (isKeptOut && !question.withKeptOut) continue
      const project = await readUpstream(
        isKeptOut ? { ...question, keptOnly: true } : question,
        leaf,
      )
      if (project) found.push({ ...project, isKeptOut })
    } else {
      const project = await readHosted(question, leaf)
      if (project) found.push(project)
    }
  }
  return found
}

/** All that have a say in which upstream files are shown. */
export function originsOf({
  origin,
  originThen,
}: Pick<Question, 'origin' | 'originThen'>): readonly OriginDecision[] {
  return originThen === undefined ? [origin] : [origin, originThen]
}

type UpstreamLeaf = Extract<Leaf, { kind: 'upstream' }>

async function readHosted(question: Question, leaf: HostedLeaf): Promise<FoundProject | undefined> {
  const { domain, state, at } = question
  const row = state.projects.find(({ index_id }) => index_id === leaf.index.id)
  if (at !== undefined) return replayFiles(question, leaf, row)
  if (row === undefined) return undefined
  const releases = await readReleases(domain, row.id)
  const files =
    row.status === 'quarantined' ? [] : await readHostedFiles(question, leaf, row, releases)
  return {
    leaf,
    name: row.name,
    status: row.status,
    ...(row.status_reason !== null && { statusReason: row.status_reason }),
    row,
    releases,
    files,
    isStale: false,
  }
}

/** Releases come first here and are matched by id, so that every file finds its own. */
async function readHostedFiles(
  { domain, filename }: Question,
  leaf: HostedLeaf,
  row: ProjectRow,
  releases: readonly ReleaseRow[],
): Promise<IndexFile[]> {
  let select = domain.db.selectFrom('files').select(fileColumns)
  // By the filename alone where one is asked for: few files have it, and a project may have thousands.
  select =
    filename === undefined
      ? select.where('project_id', '=', row.id)
      : select.where('index_id', '=', leaf.index.id).where('filename', '=', filename)
  const versions = new Map(releases.map(({ id, version }) => [id, version]))
  const rows = await select.execute()
  return rows.flatMap((file) => {
    const version = versions.get(file.release_id)
    return version === undefined ? [] : [hostedFile(toReleaseFile(file, version), leaf)]
  })
}

function readReleases({ db }: Domain, projectId: number): Promise<ReleaseRow[]> {
  return db.selectFrom('releases').selectAll().where('project_id', '=', projectId).execute()
}

async function readUpstream(
  { domain, name, filename, at, keptOnly = false }: Question,
  leaf: UpstreamLeaf,
): Promise<FoundProject | undefined> {
  const project = await domain.upstreams.readProject(leaf.upstream, name, {
    // Who is no source any more is told of no name.
    keptOnly: keptOnly || leaf.isFormer === true,
  })
  if (project === undefined) return undefined
  const wanted = project.files.filter(
    (file) => filename === undefined || file.filename === filename,
  )
  const files = wanted.map((file) => upstreamFile(file, name, leaf))
  return {
    leaf,
    name: project.name,
    status: statusOf(project),
    ...(project.statusReason !== undefined && { statusReason: project.statusReason }),
    releases: [],
    files: at === undefined ? files : files.filter((file) => wasThere(file, at)),
    freshUntil: project.freshUntil,
    isStale: project.isStale,
  }
}

/** What nobody knows the age of was not there. */
function wasThere({ uploadedAt }: IndexFile, { time }: Moment): boolean {
  return uploadedAt !== undefined && Date.parse(uploadedAt) <= time.getTime()
}

const statuses: readonly string[] = ['active', 'archived', 'deprecated', 'quarantined']

function statusOf({ status }: UpstreamProject): ProjectStatus {
  return status !== undefined && statuses.includes(status) ? (status as ProjectStatus) : 'active'
}
