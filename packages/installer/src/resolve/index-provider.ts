/** Answers the resolver from indexes, and reads ahead of it: a page as soon as a name is seen, then its best metadata. */

import { type FileNeeds, type FileTable, needsOf } from '@cheeseshop/client'
import {
  type NormalizedName,
  normalizeName,
  type ProjectFile,
  type Requirement,
  type SpecifierSet,
} from '@cheeseshop/packaging'
import {
  type Candidate,
  type Candidates,
  type Dependencies,
  isEarly,
  type MaybePromise,
  type MissingProject,
  type PrefetchHint,
  type Provider,
} from '@cheeseshop/resolver'
import type { InstalledProject } from '../environment/installed-project.ts'
import { type CandidateSource, sourceOf } from './candidate-source.ts'
import type { FileJudge } from './project-candidates.ts'
import { dependenciesOf, readDependencies } from './read-dependencies.ts'
import { findStated } from './stated-metadata.ts'

/** What is known of projects: what a client, and whatever builds metadata, can tell. */
export interface ProjectReader {
  /** Files by index; a project that no index has is missing. */
  page(name: NormalizedName): Promise<ProjectPage | MissingProject>
  /** The one candidate that a direct URL leads to. */
  direct(name: NormalizedName, url: string): Promise<Candidates>
  needs(candidate: Candidate, source: FileReference): Promise<FileNeeds | UnreadMetadata>
}

export interface FileReference {
  readonly kind: 'wheel' | 'sdist'
  readonly file: ProjectFile
}

export interface ProjectPage {
  readonly table: FileTable
  /** Where they come from, as it may be shown. */
  readonly index: string | undefined
}

/** Why there is no metadata to read, as the end of a sentence. */
export interface UnreadMetadata {
  readonly problem: string
  /** Nobody was asked for it. */
  readonly isOffline?: boolean
}

export interface IndexProviderOptions {
  readonly reader: ProjectReader
  readonly judge: FileJudge
  /** Whether a requirement may be in force, for reading ahead. */
  readonly mayHold: (requirement: Requirement, extras: readonly string[]) => boolean
  /** Projects that may stay as they are. */
  readonly installed: ReadonlyMap<NormalizedName, InstalledProject>
  /** Projects that are there, as one version among those of the index: none has to go back to an older one. */
  readonly present?: ReadonlyMap<NormalizedName, InstalledProject>
  /** Ask for nothing but the names given. */
  readonly withoutDependencies: boolean
  readonly onMetadata?: (candidate: Candidate) => void
}

/** What has been seen of a project while reading ahead. */
interface Sighting {
  readonly specifiers: Map<string, SpecifierSet>
  readonly extras: Set<string>
}

export class IndexProvider implements Provider {
  readonly #options: IndexProviderOptions
  readonly #candidates = new Map<string, MaybePromise<Candidates>>()
  readonly #dependencies = new Map<Candidate, MaybePromise<Dependencies>>()
  readonly #sightings = new Map<NormalizedName, Sighting>()
  /** What the user asks for, wherever that is. */
  readonly #stated = new Map<NormalizedName, SpecifierSet[]>()

  constructor(options: IndexProviderOptions) {
    this.#options = options
  }

  candidates(name: NormalizedName, url?: string): MaybePromise<Candidates> {
    const key = url === undefined ? name : `${name} @ ${url}`
    return ask(this.#candidates, key, () =>
      url === undefined ? this.#readPage(name) : this.#options.reader.direct(name, url),
    )
  }

  dependencies(candidate: Candidate): MaybePromise<Dependencies> {
    return ask(this.#dependencies, candidate, async () => {
      const dependencies = await this.#readDependencies(candidate)
      this.#options.onMetadata?.(candidate)
      if ('unavailable' in dependencies) return dependencies
      return {
        ...dependencies,
        ...(this.#options.withoutDependencies && { requires: [] }),
        ...(this.#options.judge.rules.ignoresRequiresPython && { requiresPython: undefined }),
      }
    })
  }

  prefetch(hint: PrefetchHint): void {
    if (hint.kind === 'projects') for (const name of hint.names) this.#readAhead(name)
    else {
      for (const candidate of hint.candidates) {
        if (!mustBeBuilt(candidate)) ignoreFailure(this.dependencies(candidate))
      }
    }
  }

  /** Begins to read what the user asks for: whatever wants something else will be refused. */
  expectStated(requirements: readonly Requirement[]): void {
    for (const { normalizedName, specifier, marker, url } of requirements) {
      if (marker !== undefined || url !== undefined) continue
      const known = this.#stated.get(normalizedName)
      if (known) known.push(specifier)
      else this.#stated.set(normalizedName, [specifier])
    }
    this.expect(requirements)
  }

  /** Begins to read what requirements lead to. */
  expect(requirements: Iterable<Requirement>, extras: readonly string[] = []): void {
    for (const requirement of requirements) {
      if (requirement.url !== undefined || !this.#options.mayHold(requirement, extras)) continue
      const name = requirement.normalizedName
      const sighting = this.#sightings.get(name) ?? { specifiers: new Map(), extras: new Set() }
      this.#sightings.set(name, sighting)
      sighting.specifiers.set(requirement.specifier.toString(), requirement.specifier)
      for (const extra of requirement.extras) sighting.extras.add(normalizeName(extra))
      this.#readAhead(name)
    }
  }

  #readAhead(name: NormalizedName): void {
    const answer = this.candidates(name)
    if (answer instanceof Promise)
      answer.then(
        (found) => this.#readBest(name, found),
        () => {},
      )
    else this.#readBest(name, answer)
  }

  /** The version that will most likely be chosen. */
  #readBest(name: NormalizedName, { versions }: Candidates): void {
    const { installed, judge } = this.#options
    if (installed.has(name)) return
    const sighting = this.#sightings.get(name)
    const specifiers = [...(sighting?.specifiers.values() ?? [])]
    // The judge puts the newest last.
    const namesEarly = specifiers.some((each) => each.namesPrerelease)
    const best = versions.findLast((candidate) => {
      const { incompatible, requiresPython, isYanked } = candidate
      if (incompatible || isYanked || (isEarly(candidate) && !namesEarly)) return false
      if (requiresPython && !judge.acceptsPython(requiresPython)) return false
      return specifiers.every((each) => each.contains(candidate.version))
    })
    if (best === undefined) return
    const extras = [...(sighting?.extras ?? [])]
    const answer = this.dependencies(best)
    if (answer instanceof Promise)
      answer.then(
        (found) => this.#expectAll(found, extras),
        () => {},
      )
    else this.#expectAll(answer, extras)
  }

  /** Every version is expected once for each set of extras, or reading ahead would never end. */
  #expectAll(dependencies: Dependencies, extras: readonly string[]): void {
    if ('unavailable' in dependencies || this.#isExpected(dependencies, extras)) return
    const isRefused = dependencies.requires.some((each) => this.#isRefused(each, extras))
    if (!isRefused) this.expect(dependencies.requires, extras)
  }

  /** Whether the user's own requirements leave no version that this one wants, as far as is known by now. */
  #isRefused(requirement: Requirement, extras: readonly string[]): boolean {
    const { normalizedName: name, specifier, url } = requirement
    const stated = this.#stated.get(name)
    if (stated === undefined || url !== undefined) return false
    const known = this.#candidates.get(name)
    if (known === undefined || known instanceof Promise) return false
    if (!this.#options.mayHold(requirement, extras)) return false
    const isWanted = ({ version }: Candidate) =>
      [specifier, ...stated].every((each) => each.contains(version, { prereleases: true }))
    return known.versions.findLast(isWanted) === undefined
  }

  readonly #expected = new Map<Dependencies, Set<string>>()

  #isExpected(dependencies: Dependencies, extras: readonly string[]): boolean {
    const known = this.#expected.get(dependencies) ?? new Set()
    this.#expected.set(dependencies, known)
    const key = extras.join()
    const isExpected = known.has(key)
    known.add(key)
    return isExpected
  }

  async #readPage(name: NormalizedName): Promise<Candidates> {
    const { reader, judge, installed, present } = this.#options
    const kept = installed.get(name) ?? present?.get(name)
    const page = await reader.page(name)
    if ('message' in page) {
      return kept ? { versions: [installedCandidate(kept)] } : { versions: [], missing: page }
    }
    const versions = judge.candidates(name, page.table, page.index)
    if (kept === undefined) return { versions, isSorted: true }
    const others = versions.filter(({ version }) => version.sortKey !== kept.version.sortKey)
    // What it says of itself is damaged, which is no reason to take another version.
    const isOnPage = others.length < versions.length
    if (isOnPage && 'unavailable' in dependenciesOf(kept.metadata)) return { versions }
    return { versions: [...others, installedCandidate(kept)] }
  }

  async #readDependencies(candidate: Candidate): Promise<Dependencies> {
    const stated = findStated(this.#options.judge.rules.statedMetadata ?? [], candidate)
    if (stated) return stated
    const source: CandidateSource = sourceOf(candidate)
    if (source.kind === 'installed') return dependenciesOf(source.project.metadata)
    if (source.kind === 'tree') return readDependencies(candidate, needsOf(source.metadata))
    const { metadata, requiresPython } = source.file
    if (metadata) return dependenciesOf({ ...metadata, ...(requiresPython && { requiresPython }) })
    const needs = await this.#options.reader.needs(candidate, source)
    if ('problem' in needs) {
      const kind = needs.isOffline ? 'offline' : 'metadata'
      return { unavailable: { kind, message: needs.problem } }
    }
    return readDependencies(candidate, needs)
  }
}

/** Too dear to be done for an answer that may never be asked for. */
function mustBeBuilt(candidate: Candidate): boolean {
  const source = sourceOf(candidate)
  return source.kind === 'sdist' && !source.file.coreMetadata
}

export function installedCandidate(project: InstalledProject): Candidate {
  const { name, version } = project
  return { name, version, source: { kind: 'installed', project } satisfies CandidateSource }
}

/** An answer that came is kept as a value: the resolver does not wait for what is known. */
function ask<Key, Answer>(
  known: Map<Key, MaybePromise<Answer>>,
  key: Key,
  find: () => Promise<Answer>,
): MaybePromise<Answer> {
  const answer = known.get(key)
  if (answer !== undefined) return answer
  const pending = find()
  known.set(key, pending)
  pending.then(
    (value) => known.set(key, value),
    () => {},
  )
  return pending
}

function ignoreFailure(answer: MaybePromise<unknown>): void {
  if (answer instanceof Promise) answer.catch(() => {})
}
