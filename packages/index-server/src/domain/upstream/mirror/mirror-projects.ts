/** Brings files of upstreams here before anybody asks for them: what requirements need, or whole projects. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Domain } from '../../domain.ts'
import { type IndexFile, readIndexProject } from '../../indexes/index-project.ts'
import type { IndexTree } from '../../indexes/index-tree.ts'
import { setPinned } from '../held-files.ts'
import {
  type ResolvedFile,
  resolveFiles,
  type WantedRequirement,
} from '../resolving/resolve-files.ts'
import type { Target } from '../resolving/target.ts'
import { bestFile, filesByVersion } from '../resolving/version-files.ts'

export interface MirrorPlan {
  /** With all that they need, for each target. */
  readonly requirements: readonly WantedRequirement[]
  /** Whole projects, without what they need. */
  readonly names: readonly NormalizedName[]
  /** Of whole projects only the newest versions; without it all. */
  readonly latest?: number
  /** Requirements are resolved for them, and of whole projects only files for one of them are taken; none: all files. */
  readonly targets: readonly Target[]
  /** Whether they stay, whatever the limits of the cache. */
  readonly isPinned?: boolean
}

export interface Mirrored {
  readonly files: number
  readonly bytes: number
  /** Were here already, or are uploads. */
  readonly present: number
}

export interface MirrorProgress {
  readonly done: number
  readonly total: number
  readonly filename: string
}

export interface MirrorTools {
  readonly signal?: AbortSignal
  onProgress?(progress: MirrorProgress): void
}

/** Throws where a project is not to be had: a mirror with holes is not one. */
export async function mirrorProjects(
  domain: Domain,
  tree: IndexTree,
  plan: MirrorPlan,
  tools: MirrorTools = {},
): Promise<Mirrored> {
  const wanted = await listWanted(domain, tree, plan)
  const mirrored = { files: 0, bytes: 0, present: 0 }
  for (const [at, { name, file }] of wanted.entries()) {
    tools.signal?.throwIfAborted()
    tools.onProgress?.({ done: at, total: wanted.length, filename: file.filename })
    const bytes = await bringHere(domain, name, file)
    if (plan.isPinned) await pinFile(domain, name, file)
    if (bytes === undefined) mirrored.present += 1
    else {
      mirrored.files += 1
      mirrored.bytes += bytes
    }
  }
  return mirrored
}

async function listWanted(
  domain: Domain,
  tree: IndexTree,
  plan: MirrorPlan,
): Promise<ResolvedFile[]> {
  const { requirements, targets } = plan
  const needed =
    requirements.length === 0 ? [] : await resolveFiles(domain, tree, requirements, targets)
  const whole: ResolvedFile[] = []
  for (const name of plan.names) {
    const project = await readIndexProject(domain, tree, name)
    const files = chooseFiles(project?.files ?? [], plan)
    whole.push(...files.map((file) => ({ name, file })))
  }
  const byPath = new Map([...needed, ...whole].map((each) => [each.file.path, each]))
  return [...byPath.values()]
}

function chooseFiles(files: readonly IndexFile[], { latest, targets }: MirrorPlan): IndexFile[] {
  const versions = filesByVersion(files)
    .filter(({ files }) => files.some(({ isYanked }) => !isYanked))
    .sort((a, b) => (a.version.sortKey < b.version.sortKey ? 1 : -1))
  const finals = versions.filter(({ version }) => !version.isPrerelease)
  const kept =
    latest === undefined ? versions : (finals.length > 0 ? finals : versions).slice(0, latest)
  return kept.flatMap(({ files }) =>
    targets.length === 0
      ? files
      : [...new Set(targets.flatMap((target) => bestFile(files, target) ?? []))],
  )
}

function pinFile({ db }: Domain, name: NormalizedName, { source }: IndexFile): Promise<void> {
  if (source.kind === 'hosted') return Promise.resolve()
  const { upstream, file } = source
  return setPinned(db, { upstreamId: upstream.id, name, filename: file.filename }, 1)
}

/** The bytes that came; undefined where there was nothing to do. */
async function bringHere(
  { upstreams }: Domain,
  name: NormalizedName,
  { source }: IndexFile,
): Promise<number | undefined> {
  if (source.kind === 'hosted' || source.file.isCached) return undefined
  const { upstream, file } = source
  await using blob = await upstreams.openFile(upstream, name, file)
  // The last byte comes when all of them are verified and kept.
  if (blob.size > 0) await blob.read(blob.size - 1, blob.size)
  if (file.hasMetadata) {
    await using _ = await upstreams.openMetadata(upstream, name, file)
  }
  return blob.size
}
