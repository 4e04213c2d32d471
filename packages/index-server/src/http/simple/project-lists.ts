/** The lists of names that are kept ready: one for each index, and one for each moment somebody asks for. */
import type { Domain } from '../../domain/domain.ts'
import {
  indexProjectsChangedSince,
  listIndexProjects,
} from '../../domain/indexes/list-index-projects.ts'
import { listProjectsAt } from '../../domain/indexes/snapshots/list-projects-at.ts'
import type { OpenIndex } from '../open-index.ts'
import { type ListSource, ProjectListPages } from './project-list-pages.ts'

/** A list of a quarter million names takes some megabytes, and anybody may ask for any moment. */
const mostKept = 8

export class ProjectLists {
  readonly #domain: Domain
  readonly #changeMark: () => number | Promise<number>
  /** In the order of use, oldest first. */
  readonly #lists = new Map<string, ProjectListPages>()

  constructor(domain: Domain, changeMark: () => number | Promise<number>) {
    this.#domain = domain
    this.#changeMark = changeMark
  }

  of(opened: OpenIndex): ProjectListPages {
    const { place, tree } = opened
    const key = `${place.prefix} ${tree.stamp}`
    const list = this.#lists.get(key) ?? this.#make(opened)
    this.#lists.delete(key)
    this.#lists.set(key, list)
    const oldest = this.#lists.keys().next().value
    if (this.#lists.size > mostKept && oldest !== undefined) this.#lists.delete(oldest)
    return list
  }

  #make({ tree, at }: OpenIndex): ProjectListPages {
    const domain = this.#domain
    const source: ListSource =
      at === undefined
        ? {
            all: () => listIndexProjects(domain, tree),
            changedSince: (serial) => indexProjectsChangedSince(domain, tree, serial),
          }
        : { all: () => listProjectsAt(domain, tree, at), changedSince: async () => [] }
    return new ProjectListPages(domain, source, this.#changeMark)
  }
}
