/** From the files of a project to its candidates: one per version, each with the file that would be taken. */

import type { FileTable } from '@cheeseshop/client'
import {
  environmentsOfTags,
  type Marker,
  type NormalizedName,
  type SpecifierSet,
  type Tag,
  tryParseSpecifierSet,
  type Version,
} from '@cheeseshop/packaging'
import type { Candidate, Unusable } from '@cheeseshop/resolver'
import type { FileSource } from './candidate-source.ts'
import { type FileRules, findFault, needsFile } from './file-rules.ts'
import { sdistRank, TagRanks, tagsOf } from './tag-ranks.ts'

/** The files of one project, judged for one environment; columns are by row of the table. */
interface Judged {
  readonly name: NormalizedName
  readonly table: FileTable
  readonly index: string | undefined
  /** By place in `table.parts.tags`. */
  readonly ranks: readonly (number | undefined)[]
  /** By place in `table.parts.pythons`. */
  readonly pythons: readonly PythonWish[]
  /** Why a file cannot be taken, other than its tags and Requires-Python. */
  readonly fault: (row: number) => Unusable | undefined
  /** Whether candidates tell where they run. */
  readonly isForMany: boolean
}

interface PythonWish {
  readonly specifier: SpecifierSet | undefined
  readonly isMet: boolean
}

/** Turns pages into candidates for one environment; what it works out of tags and specifiers is kept for the next page. */
export class FileJudge {
  readonly rules: FileRules
  readonly #ranks: TagRanks
  readonly #wishes = new Map<string, PythonWish>()

  constructor(rules: FileRules) {
    this.rules = rules
    this.#ranks = new TagRanks(rules.isForMany ? undefined : rules.tags)
  }

  /** Oldest first. Files whose names say nothing are left out, as all other tools do. */
  candidates(name: NormalizedName, table: FileTable, index?: string): Candidate[] {
    const { tags, pythons, ends } = table.parts
    const judged: Judged = {
      name,
      table,
      index,
      ranks: tags.map((tag) => this.#ranks.rank(tag)),
      pythons: pythons.map((text) => this.#wish(text)),
      fault: this.#faults(name, table),
      isForMany: this.rules.isForMany === true,
    }
    return ends.map((end, release) =>
      this.#candidate(judged, release, { start: ends[release - 1] ?? 0, end }),
    )
  }

  acceptsPython(requiresPython: SpecifierSet): boolean {
    return this.rules.isForMany === true || requiresPython.contains(this.rules.python)
  }

  /** A Requires-Python that is none says nothing. */
  #wish(text: string): PythonWish {
    let wish = this.#wishes.get(text)
    if (wish === undefined) {
      const specifier = this.rules.ignoresRequiresPython ? undefined : tryParseSpecifierSet(text)
      wish = { specifier, isMet: specifier === undefined || this.acceptsPython(specifier) }
      this.#wishes.set(text, wish)
    }
    return wish
  }

  #faults(name: NormalizedName, { parts }: FileTable): Judged['fault'] {
    const { rules } = this
    const { tag } = parts.columns
    const kindOf = (row: number) => (tag[row]! < 0 ? 'sdist' : 'wheel')
    if (needsFile(name, rules)) return (row) => findFault(name, kindOf(row), rules, parts.file(row))
    const ofWheels = findFault(name, 'wheel', rules)
    const ofSdists = findFault(name, 'sdist', rules)
    return (row) => (tag[row]! < 0 ? ofSdists : ofWheels)
  }

  #candidate(judged: Judged, release: number, rows: Rows): Candidate {
    const best = new Choice(judged, rows.start)
    for (let row = rows.start + 1; row < rows.end; row++) best.offer(row)
    const isLastResort = this.rules.prefersBinary === true && best.isSdist
    const incompatible = best.distance < 3 ? undefined : whyNone(judged, rows, this.rules.tags[0])
    return new FileCandidate(judged, { release, rows, row: best.row, incompatible, isLastResort })
  }
}

/** The best row so far: the nearest, of those the best tag, then the later build, then the earlier name. */
class Choice {
  row: number
  /** How far it is from being taken: not at all, yanked, for another Python, not for here. */
  distance: 0 | 1 | 2 | 3
  #rank: number
  readonly #judged: Judged

  constructor(judged: Judged, row: number) {
    this.#judged = judged
    this.row = row
    this.#rank = this.#rankOf(row)
    this.distance = this.#distanceOf(row)
  }

  get isSdist(): boolean {
    return this.#judged.table.parts.columns.tag[this.row]! < 0
  }

  /** Later rows have later names, so that of equals the first stays. */
  offer(row: number): void {
    const distance = this.#distanceOf(row)
    if (distance > this.distance) return
    const rank = this.#rankOf(row)
    const { build } = this.#judged.table.parts.columns
    const isNearer = distance < this.distance
    const isLater = rank === this.#rank && build[row]! > build[this.row]!
    if (!isNearer && rank >= this.#rank && !isLater) return
    Object.assign(this, { row, distance })
    this.#rank = rank
  }

  #rankOf(row: number): number {
    const tag = this.#judged.table.parts.columns.tag[row]!
    return tag < 0 ? sdistRank : (this.#judged.ranks[tag] ?? sdistRank)
  }

  #distanceOf(row: number): Choice['distance'] {
    const { ranks, pythons, fault, table } = this.#judged
    const { tag, python, isYanked } = table.parts.columns
    const isForHere = tag[row]! < 0 || ranks[tag[row]!] !== undefined
    if (!isForHere || fault(row) !== undefined) return 3
    if (python[row]! >= 0 && !pythons[python[row]!]!.isMet) return 2
    return isYanked[row] === 0 ? 0 : 1
  }
}

interface Verdict {
  readonly release: number
  readonly rows: Rows
  readonly row: number
  readonly incompatible: Unusable | undefined
  readonly isLastResort: boolean
}

/** Reads of its file only what is asked for: of most candidates nothing ever is. */
class FileCandidate implements Candidate {
  readonly name: NormalizedName
  readonly isYanked: boolean
  readonly requiresPython: SpecifierSet | undefined
  readonly incompatible: Unusable | undefined
  readonly isLastResort: boolean
  readonly #judged: Judged
  readonly #verdict: Verdict
  #source: FileSource | undefined

  constructor(judged: Judged, verdict: Verdict) {
    const { python, isYanked } = judged.table.parts.columns
    this.name = judged.name
    this.isYanked = isYanked[verdict.row] === 1
    this.requiresPython = judged.pythons[python[verdict.row]!]?.specifier
    this.incompatible = verdict.incompatible
    this.isLastResort = verdict.isLastResort
    this.#judged = judged
    this.#verdict = verdict
  }

  get version(): Version {
    return this.#judged.table.version(this.#verdict.release)
  }

  get runsOn(): Marker | undefined {
    return this.#judged.isForMany ? findPlaces(this.#judged, this.#verdict.rows) : undefined
  }

  get source(): FileSource {
    const { table, index } = this.#judged
    const { row } = this.#verdict
    const kind = table.parts.columns.tag[row]! < 0 ? 'sdist' : 'wheel'
    this.#source ??= { kind, file: table.parts.file(row), index }
    return this.#source
  }

  /** One line, so that it cannot pass for lines of ours. */
  get yankedReason(): string | undefined {
    const { yanked } = this.source.file
    return typeof yanked === 'string' ? yanked.slice(0, 500).replace(/\s+/g, ' ') : undefined
  }
}

interface Rows {
  readonly start: number
  readonly end: number
}

/** An sdist can be built everywhere. */
function findPlaces({ table, fault }: Judged, { start, end }: Rows): Marker | undefined {
  const { tags, columns } = table.parts
  const usable: Tag[] = []
  for (let row = start; row < end; row++) {
    if (fault(row) !== undefined) continue
    const tag = columns.tag[row]!
    if (tag < 0) return undefined
    usable.push(...tagsOf(tags[tag]!))
  }
  return environmentsOfTags(usable)
}

function whyNone({ table, fault }: Judged, rows: Rows, here: Tag | undefined): Unusable {
  const { tags, columns } = table.parts
  const wheels = new Set<string>()
  let first: Unusable | undefined
  for (let row = rows.start; row < rows.end; row++) {
    const why = fault(row)
    first ??= why
    const tag = columns.tag[row]!
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
