/** Finds a project among several indexes and places of links. */
import type { NormalizedName, ProjectDetail, ProjectFile } from '@cheeseshop/packaging'
import { ClientError } from '../client-error.ts'
import { FileTable, type TabledPage } from './file-table.ts'
import type { FindLinks } from './find-links.ts'
import type { IndexLocation } from './index-location.ts'
import type { SimpleIndex } from './simple-index.ts'

/** What is known about a project. */
export interface FoundProject extends TabledPage {
  /** All files; of those with the same name only the first, links before indexes. */
  readonly detail: ProjectDetail
  /** The same files by version. */
  readonly table: FileTable
  /** The first place that has it. */
  readonly index: IndexLocation
  /** Every place that has it, with what each said. */
  readonly sources: readonly ProjectSource[]
}

export interface ProjectSource extends TabledPage {
  readonly index: IndexLocation
}

export interface ProjectsOptions {
  readonly indexes: readonly SimpleIndex[]
  readonly links: FindLinks
  readonly strategy: 'first-index' | 'best-match'
}

export class Projects {
  readonly #options: ProjectsOptions
  readonly #found = new Map<string, Promise<FoundProject | undefined>>()

  constructor(options: ProjectsOptions) {
    this.#options = options
  }

  /** `indexName`: only that index, which may be an explicit one. Answers are remembered, failures are not. */
  find(name: NormalizedName, indexName?: string): Promise<FoundProject | undefined> {
    const key = `${name} ${indexName ?? ''}`
    let found = this.#found.get(key)
    if (found === undefined) {
      found = this.#search(name, indexName)
      this.#found.set(key, found)
      found.catch(() => this.#found.delete(key))
    }
    return found
  }

  async #search(name: NormalizedName, indexName?: string): Promise<FoundProject | undefined> {
    if (indexName !== undefined)
      return merge(name, await ask([this.#named(indexName)], name, 'best-match'))
    const { indexes, links, strategy } = this.#options
    const open = indexes.filter(({ isExplicit }) => !isExplicit)
    const [linked, indexed] = await Promise.all([links.filesOf(name), ask(open, name, strategy)])
    const sources = linked.map(({ index, files }) => ({
      index,
      detail: { meta: { apiVersion: '1.0' }, name, files },
      table: FileTable.of(name, files),
    }))
    return merge(name, [...sources, ...indexed])
  }

  /** The mark of what `find` would answer, where that is one page which need not be confirmed; it is not read for that. */
  mark(name: NormalizedName): string | undefined {
    return this.#found.has(`${name} `) ? undefined : this.#onlyAsked()?.mark(name)
  }

  /** The index that alone is asked about a project which it has. */
  #onlyAsked(): SimpleIndex | undefined {
    const { indexes, links, strategy } = this.#options
    const [first, ...others] = indexes.filter(({ isExplicit }) => !isExplicit)
    return links.isEmpty && (others.length === 0 || strategy === 'first-index') ? first : undefined
  }

  #named(indexName: string): SimpleIndex {
    const index = this.#options.indexes.find(({ location }) => location.name === indexName)
    if (index !== undefined) return index
    throw new ClientError('bad-url', `There is no index named ${JSON.stringify(indexName)}.`, {
      url: indexName,
      hint: 'Give an index of this name, or correct the name.',
    })
  }
}

async function ask(
  indexes: readonly SimpleIndex[],
  name: NormalizedName,
  strategy: ProjectsOptions['strategy'],
): Promise<ProjectSource[]> {
  if (strategy === 'best-match') {
    const details = await Promise.all(indexes.map((index) => index.project(name)))
    return indexes.flatMap(({ location }, at) => sourceOf(location, details[at]))
  }
  // One after the other: a later index shall not even learn the names that an earlier one knows.
  for (const index of indexes) {
    const found = sourceOf(index.location, await index.project(name))
    if (found.length > 0) return found
  }
  return []
}

function sourceOf(index: IndexLocation, page: TabledPage | undefined): ProjectSource[] {
  return page === undefined ? [] : [{ index, ...page }]
}

function merge(name: NormalizedName, sources: readonly ProjectSource[]): FoundProject | undefined {
  const [first] = sources
  if (first === undefined) return undefined
  // What is said of the whole project, as its status, is believed from the first index, not from a list of links.
  const main = sources.find(({ index }) => index.kind === 'index') ?? first
  if (sources.length === 1) return { ...main, sources }
  const files = new Map<string, ProjectFile>()
  for (const { detail } of sources) {
    for (const file of detail.files) if (!files.has(file.filename)) files.set(file.filename, file)
  }
  const { versions: _, ...detail } = main.detail
  const all = [...files.values()]
  const table = FileTable.of(name, all)
  return { detail: { ...detail, files: all }, table, index: first.index, sources }
}
