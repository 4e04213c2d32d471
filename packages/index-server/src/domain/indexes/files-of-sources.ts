/** Tells the files that are shown from those that are not: origin first, then the first source, then policy. */
import type { NormalizedName } from '@cheeseshop/packaging'
import type { FileFacts } from '../policy/decide.ts'
import type { ProjectJudge } from '../policy/policy-for.ts'
import type { Licences } from '../policy/read-licences.ts'
import type { FileSource, IndexFile, WithheldFile } from './index-project.ts'
import { allowsHosted, allowsUpstream, type OriginDecision } from './name-origin.ts'
import { indexName } from './package-index.ts'
import { type FoundProject, originsOf } from './read-sources.ts'

export interface SortedFiles {
  readonly shown: readonly IndexFile[]
  readonly withheld: readonly WithheldFile[]
}

export interface SortingRules {
  readonly name: NormalizedName
  readonly origin: OriginDecision
  readonly originThen?: OriginDecision | undefined
  readonly judge: ProjectJudge
  /** Absent when no rule asks for them. */
  readonly licences?: Licences | undefined
}

export function sortFiles(found: readonly FoundProject[], rules: SortingRules): SortedFiles {
  const chosen = new Map<string, IndexFile>()
  const withheld: WithheldFile[] = []
  for (const { files, isKeptOut } of found) {
    for (const file of files) {
      const objection =
        shadowOf(file, rules) ??
        taken(chosen.get(file.filename)) ??
        (isKeptOut ? keptOut : undefined)
      if (objection === undefined) chosen.set(file.filename, file)
      else withheld.push({ file, because: { isShown: false, ...objection } })
    }
  }
  // Judged last: what policy hides of one source is not to come from the next.
  const shown: IndexFile[] = []
  for (const file of chosen.values()) {
    const decision = rules.judge.decide(factsOf(file, rules), file.source.through)
    if (!decision.isShown) withheld.push({ file, because: decision })
    else shown.push(decision.remarks.length > 0 ? { ...file, remarks: decision.remarks } : file)
  }
  return { shown, withheld }
}

interface Objection {
  rule: 'origin' | 'sources'
  reason: string
}

/** Uploads of the past are as they were; an upstream file must have been let in then and be let in now. */
function shadowOf({ source }: IndexFile, rules: SortingRules): Objection | undefined {
  const against =
    source.kind === 'hosted'
      ? [rules.originThen ?? rules.origin].find(({ origin }) => !allowsHosted(origin))
      : originsOf(rules).find(({ origin }) => !allowsUpstream(origin))
  if (against === undefined) return undefined
  const { origin, reason } = against
  const only = origin === 'hosted' ? 'uploads' : 'upstream files'
  return { rule: 'origin', reason: `Only ${only} are shown of this name. ${reason}` }
}

const keptOut: Objection = {
  rule: 'sources',
  reason: 'An upstream that comes first has the project.',
}

function taken(other: IndexFile | undefined): Objection | undefined {
  if (other === undefined) return undefined
  return { rule: 'sources', reason: `${sourceName(other.source)} has it too and comes first.` }
}

export function sourceName(source: FileSource): string {
  return source.kind === 'hosted'
    ? `The index ${indexName(source.index)}`
    : `The upstream ${source.upstream.name}`
}

function factsOf(file: IndexFile, { name, licences }: SortingRules): FileFacts {
  const licence = licences?.get(file.path)
  const { version, filename, kind, isYanked, uploadedAt, source } = file
  return {
    project: name,
    version,
    filename,
    kind,
    from: source.kind,
    ...(uploadedAt !== undefined && { uploadedAt }),
    isYanked,
    ...(licence !== undefined && { licence }),
  }
}
