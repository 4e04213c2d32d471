/** Why a file of a project can or cannot be seen in an index: every file known to any source, and what happened to it. */
import type { NormalizedName } from '@cheeseshop/packaging'
import { tryParseVersion } from '@cheeseshop/packaging'
import type { Domain } from '../domain.ts'
import { sourceName } from '../indexes/files-of-sources.ts'
import { type IndexFile, type IndexProject, readIndexProject } from '../indexes/index-project.ts'
import type { IndexTree } from '../indexes/index-tree.ts'
import type { OriginDecision } from '../indexes/name-origin.ts'
import type { Hidden } from './decide.ts'

export interface Explanation {
  readonly project: string
  readonly origin: OriginDecision
  /** An upstream could not be asked, so what it has now is not known. */
  readonly isStale: boolean
  /** Newest version first. */
  readonly files: readonly ExplainedFile[]
}

export interface ExplainedFile {
  readonly version: string
  readonly filename: string
  /** `The index acme/dev`, `The upstream public` */
  readonly source: string
  readonly uploadedAt?: string
  readonly isYanked: boolean
  readonly isShown: boolean
  /** What hides it: `origin`, `sources`, or the name of a rule of the policy. */
  readonly rule?: string
  readonly reason?: string
  /** What the policy says of it although it is shown. */
  readonly remarks: readonly string[]
  /** ISO 8601: when it will be shown. */
  readonly until?: string
}

/** Undefined when no source has the project. Only the files of a version, when one is given. */
export async function explainProject(
  domain: Domain,
  tree: IndexTree,
  name: NormalizedName,
  version?: string,
): Promise<Explanation | undefined> {
  const project = await readIndexProject(domain, tree, name, { withKeptOut: true })
  if (project === undefined) return undefined
  const { origin, isStale } = project
  return { project: project.name, origin, isStale, files: explainFiles(project, version) }
}

/** Of a project that was read with what is kept out. */
export function explainFiles({ files, withheld }: IndexProject, version?: string): ExplainedFile[] {
  const wanted = version === undefined ? undefined : tryParseVersion(version)
  const isWanted = ({ file }: { file: IndexFile }) =>
    version === undefined ||
    file.version === version ||
    (wanted !== undefined && tryParseVersion(file.version)?.compare(wanted) === 0)
  const all: { file: IndexFile; because?: Hidden }[] = [
    ...files.map((file) => ({ file })),
    ...withheld,
  ]
  return all
    .filter(isWanted)
    .sort((a, b) => newestFirst(a.file, b.file))
    .map(({ file, because }) => ({
      version: file.version,
      filename: file.filename,
      source: sourceName(file.source),
      ...(file.uploadedAt !== undefined && { uploadedAt: file.uploadedAt }),
      isYanked: file.isYanked,
      isShown: because === undefined,
      remarks: file.remarks ?? [],
      ...(because && { rule: because.rule, reason: because.reason }),
      ...(because?.until !== undefined && { until: new Date(because.until).toISOString() }),
    }))
}

function newestFirst(a: IndexFile, b: IndexFile): number {
  const [one, other] = [tryParseVersion(a.version), tryParseVersion(b.version)]
  const order =
    one && other ? other.compare(one) : Number(one === undefined) - Number(other === undefined)
  return order || (a.filename < b.filename ? -1 : 1)
}
