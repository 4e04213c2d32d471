/** The lists of names that are kept ready: one for each index, and one for each moment somebody asks for. */
import type { Domain } from '../../domain/domain.ts'
import type { IndexTree } from '../../domain/indexes/index-tree.ts'
import {
  indexProjectsChangedSince,
  listIndexProjects,
} from '../../domain/indexes/list-index-projects.ts'
import { hasNewPast, listProjectsAt } from '../../domain/indexes/snapshots/list-projects-at.ts'
import type { Moment } from '../../domain/indexes/snapshots/moment.ts'
import { HttpError } from '../http-error.ts'
import type { OpenIndex } from '../open-index.ts'
import { type ListSource, ProjectListPages } from './project-list-pages.ts'

/** A list of a quarter million names takes some megabytes. */
const mostKept = 8
/** Of moments, which anybody may choose: they never drive out the lists of the present. */
const mostPast = 3
/** A list of the past is made of the whole log, so one at a time; who would wait longer is asked to come again. */
const mostWaiting = 4

export class ProjectLists {
  readonly #domain: Domain
  readonly #changeMark: () => number | Promise<number>
  /** Both in the order of use, oldest first. */
  readonly #lists = new Map<string, ProjectListPages>()
  readonly #past = new Map<string, ProjectListPages>()
  #turn: Promise<void> = Promise.resolve()
  #waiting = 0

  constructor(domain: Domain, changeMark: () => number | Promise<number>) {
    this.#domain = domain
    this.#changeMark = changeMark
  }

  of({ place, tree, at }: OpenIndex): ProjectListPages {
    // A moment that goes on is the present.
    const past = at?.isPast ? at : undefined
    const lists = past ? this.#past : this.#lists
    const key = `${past ? place.prefix : tree.index.id} ${tree.stamp}`
    const list = lists.get(key) ?? this.#make(tree, past)
    lists.delete(key)
    lists.set(key, list)
    const [oldest] = lists.keys()
    const most = past ? mostPast : mostKept
    if (lists.size > most && oldest !== undefined) lists.delete(oldest)
    return list
  }

  #make(tree: IndexTree, past: Moment | undefined): ProjectListPages {
    const domain = this.#domain
    const source: ListSource =
      past === undefined
        ? {
            all: () => listIndexProjects(domain, tree),
            changedSince: (serial) => indexProjectsChangedSince(domain, tree, serial),
          }
        : {
            all: () => this.#inTurn(listProjectsAt(domain, tree, past)),
            changedSince: async (serial) => ((await hasNewPast(domain, past, serial)) ? 'all' : []),
            serial: past.serial,
          }
    return new ProjectListPages(domain, source, this.#changeMark)
  }

  async *#inTurn<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
    if (this.#waiting >= mostWaiting) throw busy()
    this.#waiting++
    const before = this.#turn
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#turn = before.then(() => promise)
    try {
      await before
      yield* items
    } finally {
      this.#waiting--
      resolve()
    }
  }
}

function busy(): HttpError {
  return new HttpError(
    503,
    'busy',
    'Others have asked for the names of so many moments that this one would have to wait. Try again in a few seconds.',
    { 'retry-after': '5' },
  )
}
