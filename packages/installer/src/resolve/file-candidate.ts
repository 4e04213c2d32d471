/** One version of a project on an index, with the file that would be taken of it. */

import type { FileTable } from '@cheeseshop/client'
import {
  environmentsOfTags,
  type Marker,
  type NormalizedName,
  type SpecifierSet,
  type Tag,
  type Version,
} from '@cheeseshop/packaging'
import type { Candidate, Unusable } from '@cheeseshop/resolver'
import type { FileSource } from './candidate-source.ts'
import { tagsOf } from './tag-ranks.ts'

/** What is known of all files of one project; columns are by kind of file. */
export interface JudgedProject {
  readonly name: NormalizedName
  readonly table: FileTable
  readonly index: string | undefined
  readonly distances: readonly Distance[]
  readonly ranks: readonly number[]
  /** By place in `table.parts.pythons`. */
  readonly pythons: readonly (SpecifierSet | undefined)[]
  /** Why a file cannot be taken, other than its tags and Requires-Python. */
  readonly fault: (row: number) => Unusable | undefined
  /** Whether `fault` says the same of all files of a kind. */
  readonly isFaultOfKind: boolean
  /** The best of the tags supported here. */
  readonly here: Tag | undefined
  readonly prefersBinary: boolean
  /** Whether candidates tell where they run. */
  readonly isForMany: boolean
}

/** How far a file is from being taken: not at all, yanked, for another Python, not for here. */
export type Distance = 0 | 1 | 2 | 3

/** The files of a release; `end` is behind the last. */
export interface Rows {
  readonly start: number
  readonly end: number
}

export interface Choice {
  readonly row: number
  readonly distance: Distance
}

/** Reads of its file only what is asked for: of most candidates nothing ever is. */
export class FileCandidate implements Candidate {
  readonly name: NormalizedName
  readonly isPrerelease: boolean
  readonly isYanked: boolean
  readonly isLastResort: boolean
  readonly requiresPython: SpecifierSet | undefined
  readonly incompatible: Unusable | undefined
  readonly #project: JudgedProject
  readonly #release: number
  readonly #row: number
  #source: FileSource | undefined

  constructor(project: JudgedProject, release: number, choice: Choice, isPrerelease: boolean) {
    const { row, distance } = choice
    const { kinds, kindOf } = project.table.parts
    const { python, isYanked, tag } = kinds[kindOf[row]!]!
    this.name = project.name
    this.isPrerelease = isPrerelease
    this.isYanked = isYanked
    this.isLastResort = project.prefersBinary && tag < 0
    this.requiresPython = project.pythons[python]
    this.incompatible = distance < 3 ? undefined : whyNone(project, rowsOf(project.table, release))
    this.#project = project
    this.#release = release
    this.#row = row
  }

  get version(): Version {
    return this.#project.table.version(this.#release)
  }

  get runsOn(): Marker | undefined {
    const { isForMany, table } = this.#project
    return isForMany ? findPlaces(this.#project, rowsOf(table, this.#release)) : undefined
  }

  get source(): FileSource {
    if (this.#source === undefined) {
      const { table, index } = this.#project
      const { kinds, kindOf, file } = table.parts
      const kind = kinds[kindOf[this.#row]!]!.tag < 0 ? 'sdist' : 'wheel'
      this.#source = { kind, file: file(this.#row), index }
    }
    return this.#source
  }

  /** One line, so that it cannot pass for lines of ours. */
  get yankedReason(): string | undefined {
    const { yanked } = this.source.file
    return typeof yanked === 'string' ? yanked.slice(0, 500).replace(/\s+/g, ' ') : undefined
  }
}

export function rowsOf({ parts: { ends } }: FileTable, release: number): Rows {
  return { start: release === 0 ? 0 : ends[release - 1]!, end: ends[release]! }
}

/** An sdist can be built everywhere. */
function findPlaces({ table, fault }: JudgedProject, { start, end }: Rows): Marker | undefined {
  const { tags, kinds, kindOf } = table.parts
  const usable: Tag[] = []
  for (let row = start; row < end; row++) {
    if (fault(row) !== undefined) continue
    const { tag } = kinds[kindOf[row]!]!
    if (tag < 0) return undefined
    usable.push(...tagsOf(tags[tag]!))
  }
  return environmentsOfTags(usable)
}

function whyNone({ table, fault, here }: JudgedProject, { start, end }: Rows): Unusable {
  const { tags, kinds, kindOf } = table.parts
  const wheels = new Set<string>()
  let first: Unusable | undefined
  for (let row = start; row < end; row++) {
    const why = fault(row)
    first ??= why
    const { tag } = kinds[kindOf[row]!]!
    if (tag >= 0 && !why) wheels.add(tags[tag]!)
  }
  return wheels.size > 0 ? { kind: 'tags', message: tagsMessage([...wheels], here) } : first!
}

function tagsMessage(wheels: readonly string[], here: Tag | undefined): string {
  const parsed = wheels.slice(0, 200).map((tag) => tag.split('-'))
  const some = (at: number) => {
    const names = [...new Set(parsed.map((parts) => parts.at(at)!))].sort()
    return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`
  }
  const wanted = here ? `${here.interpreter} on ${here.platform}` : 'this environment'
  return `has no wheel for ${wanted} (only for ${some(-3)} on ${some(-1)})`
}
