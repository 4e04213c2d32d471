/** What a person could do about it: typed, and in words. */

import { type NormalizedName, parseVersion, type Version } from '@cheeseshop/packaging'
import type { Project } from '../project.ts'
import type { MissingProject, Provider, UnusableKind } from '../provider.ts'
import { type BitSet, hasBit, intersection, isEmpty, listBits, union } from '../pubgrub/bit-set.ts'
import { versionsConsidered } from './explanation.ts'
import { describeExtras, type ExtrasHint, extraHints } from './extra-hints.ts'
import type { ProofFact } from './proof-facts.ts'
import { similarNames } from './similar-names.ts'
import { listVersions } from './version-list.ts'

export type Hint =
  | ExtrasHint
  /** Versions that would do are kept out for one of these reasons. */
  | {
      readonly kind: UnusableKind
      readonly name: NormalizedName
      readonly versions: string
      readonly message: string
    }
  | {
      readonly kind: 'python'
      readonly name: NormalizedName
      readonly requires: readonly string[]
      readonly python: string
    }
  | { readonly kind: 'missing'; readonly name: NormalizedName; readonly missing: MissingProject }
  | {
      readonly kind: 'did-you-mean'
      readonly name: NormalizedName
      readonly names: readonly string[]
    }
  | {
      readonly kind: 'constraint'
      readonly name: NormalizedName
      readonly constraint: string
      readonly statedIn: string
    }

export function collectHints(
  facts: readonly ProofFact[],
  python: Version,
  provider: Provider,
): Hint[] {
  return [
    ...missingHints(facts, provider),
    ...unusableHints(facts),
    ...pythonHints(facts, python),
    ...constraintHints(facts),
    ...extraHints(facts),
  ]
}

/** The hint as a sentence without its end. */
export function describeHint(hint: Hint): string {
  const { name } = hint
  switch (hint.kind) {
    case 'extras':
      return describeExtras(hint)
    case 'did-you-mean':
      return `${name} was not found; did you mean ${hint.names.join(' or ')}?`
    case 'missing':
      return describeMissing(name, hint.missing)
    case 'python':
      return `${name} would need another Python: ${hint.requires.join(' or ')}, and this is ${hint.python}`
    case 'constraint':
      return `the constraint ${hint.constraint} (${hint.statedIn}) keeps other versions of ${name} out`
    case 'prerelease':
      return `${name} ${hint.versions} would match but is a pre-release; allow pre-releases to use it`
    case 'yanked':
      return `${name} ${hint.versions} would match but ${hint.message}; require exactly that version to use it all the same`
    case 'tags':
      return `no wheel of ${name} ${hint.versions} fits; another Python may do, or a version with an sdist`
    case 'date':
      return `${name} ${hint.versions} would match but is newer than the date set`
    case 'offline':
      return `${name} ${hint.versions} would match; try again without the offline setting`
    case 'no-binary':
    case 'only-binary':
      return `${name} ${hint.versions} would match but ${hint.message}; the options on building decide that`
    default:
      return `${name} ${hint.versions} would match but ${hint.message}`
  }
}

function describeMissing(name: NormalizedName, { kind, message }: MissingProject): string {
  switch (kind) {
    case 'not-found':
      return `${name} was not found; check the name, or name the index that has it`
    case 'other-project':
      return `${name} is not what that URL leads to: ${message}`
    case 'unauthorized':
      return `${name} may be there; give credentials in the URL of the index, in .netrc or in the keyring, or correct those given`
    case 'forbidden':
      return `${name} may be there; the credentials given, if any, do not allow this`
    case 'offline':
      return `${name} may be there; try again without the offline setting`
    case 'no-index':
    case 'unreachable':
      return `${name} could not be looked up: ${message}`
  }
}

function missingHints(facts: readonly ProofFact[], provider: Provider): Hint[] {
  const targets = facts.flatMap(({ fact }) => (fact.kind === 'requirement' ? [fact.target] : []))
  return [...new Set(targets)].flatMap(({ name, missing }): Hint[] => {
    if (missing === undefined) return []
    const names =
      missing.kind === 'not-found' ? similarNames(name, provider.knownNames?.() ?? []) : []
    return names.length > 0
      ? [{ kind: 'did-you-mean', name, names }]
      : [{ kind: 'missing', name, missing }]
  })
}

interface Group {
  readonly project: Project
  readonly kind: UnusableKind
  versions: BitSet
  message: string
}

function unusableHints(facts: readonly ProofFact[]): Hint[] {
  const groups = new Map<string, Group>()
  const considered = new Map<Project, BitSet>()
  for (const { fact, versions } of facts) {
    if (fact.kind !== 'unusable' && fact.kind !== 'pip-rule') continue
    const { project } = fact
    if (!considered.has(project)) considered.set(project, versionsConsidered(project, facts))
    const relevant = intersection(versions, considered.get(project)!)
    if (isEmpty(relevant)) continue
    const kind = fact.kind === 'unusable' ? fact.reason.kind : pipRuleKind(project, relevant)
    const message = fact.kind === 'unusable' ? fact.reason.message : 'was yanked'
    const key = `${project.id} ${kind}`
    const group = groups.get(key) ?? { project, kind, versions: relevant, message }
    const isNewest = listBits(relevant).at(-1)! >= listBits(group.versions).at(-1)!
    if (isNewest) group.message = message
    group.versions = union(group.versions, relevant)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ project, kind, versions, message }) => ({
    kind,
    name: project.name,
    versions: listVersions(project, versions, project.versions),
    message,
  }))
}

function pipRuleKind(project: Project, versions: BitSet): UnusableKind {
  return listBits(versions).some((value) => hasBit(project.prereleases, value))
    ? 'prerelease'
    : 'yanked'
}

function pythonHints(facts: readonly ProofFact[], python: Version): Hint[] {
  const projects = Map.groupBy(
    facts.filter(({ fact }) => fact.kind === 'python'),
    ({ fact }) => fact.project!,
  )
  return [...projects].map(([{ name }, list]) => {
    const requires = list.flatMap(({ fact }) =>
      fact.kind === 'python' ? [`${fact.requires}`] : [],
    )
    return { kind: 'python', name, requires: widest(requires).slice(0, 3), python: `${python}` }
  })
}

/** Of lower bounds the lowest says it all: who has that Python has what is needed. */
function widest(requires: readonly string[]): string[] {
  const isBound = (text: string) => /^>=\d+(\.\d+)*$/.test(text)
  const all = [...new Set(requires)].sort()
  const [lowest] = all
    .filter(isBound)
    .map((text) => parseVersion(text.slice(2)))
    .sort((a, b) => a.compare(b))
  return all.filter((text) => !isBound(text) || text === `>=${lowest}`)
}

function constraintHints(facts: readonly ProofFact[]): Hint[] {
  return facts.flatMap(({ fact }) => {
    if (fact.kind !== 'constraint') return []
    const { project, requirement, statedIn } = fact
    return [{ kind: 'constraint', name: project.name, constraint: `${requirement}`, statedIn }]
  })
}
