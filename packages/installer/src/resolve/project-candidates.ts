/** From the files of a project to its candidates: one per version, each with the file that would be taken. */

import type { FileTable } from '@cheeseshop/client'
import { type NormalizedName, type SpecifierSet, tryParseSpecifierSet } from '@cheeseshop/packaging'
import type { Candidate } from '@cheeseshop/resolver'
import {
  type Choice,
  type Distance,
  FileCandidate,
  type JudgedProject,
  type Rows,
  rowsOf,
} from './file-candidate.ts'
import { type FileRules, findFault, needsFile } from './file-rules.ts'
import { sdistRank, TagRanks } from './tag-ranks.ts'

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

  /** Oldest first, each version once. Files whose names say nothing are left out, as all other tools do. */
  candidates(name: NormalizedName, table: FileTable, index?: string): Candidate[] {
    const { ends, prereleases } = table.parts
    const project = this.#judge(name, table, index)
    const early = new Set(prereleases)
    return ends.map((_, release) => {
      const choice = choose(project, rowsOf(table, release))
      return new FileCandidate(project, release, choice, early.has(release))
    })
  }

  acceptsPython(requiresPython: SpecifierSet): boolean {
    return this.rules.isForMany === true || requiresPython.contains(this.rules.python)
  }

  #judge(name: NormalizedName, table: FileTable, index: string | undefined): JudgedProject {
    const { rules } = this
    const { tags, pythons, kinds } = table.parts
    const wishes = pythons.map((text) => this.#wish(text))
    const ranks = tags.map((tag) => this.#ranks.rank(tag))
    const [ofWheels, ofSdists] = [findFault(name, 'wheel', rules), findFault(name, 'sdist', rules)]
    const isFaultOfKind = !needsFile(name, rules)
    const distanceOf = ({ tag, python, isYanked }: (typeof kinds)[number]): Distance => {
      const isForHere = tag < 0 || ranks[tag] !== undefined
      if (!isForHere || (tag < 0 ? ofSdists : ofWheels) !== undefined) return 3
      if (python >= 0 && !wishes[python]!.isMet) return 2
      return isYanked ? 1 : 0
    }
    return {
      ...{ name, table, index, isFaultOfKind },
      distances: kinds.map(distanceOf),
      ranks: kinds.map(({ tag }) => (tag < 0 ? sdistRank : (ranks[tag] ?? sdistRank))),
      pythons: wishes.map(({ specifier }) => specifier),
      fault: (row) => {
        const kind = kindAt(table, row).tag < 0 ? 'sdist' : 'wheel'
        if (isFaultOfKind) return kind === 'sdist' ? ofSdists : ofWheels
        return findFault(name, kind, rules, table.parts.file(row))
      },
      here: rules.tags[0],
      prefersBinary: rules.prefersBinary === true,
      isForMany: rules.isForMany === true,
    }
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
}

function kindAt({ parts: { kinds, kindOf } }: FileTable, row: number) {
  return kinds[kindOf[row]!]!
}

/** The nearest file, of those the best tag, then the later build; later rows have later names, so of equals the first stays. */
function choose(project: JudgedProject, { start, end }: Rows): Choice {
  const { table, ranks } = project
  const { kindOf } = table.parts
  let row = start
  let distance = distanceOf(project, start)
  for (let other = start + 1; other < end; other++) {
    const itsDistance = distanceOf(project, other)
    if (itsDistance > distance) continue
    const known = kindOf[row]!
    const its = kindOf[other]!
    // Most rows of a release are no nearer, and of a kind that was judged already.
    if (its === known && itsDistance === distance) continue
    const isLater =
      ranks[its] === ranks[known] && kindAt(table, other).build > kindAt(table, row).build
    if (itsDistance < distance || ranks[its]! < ranks[known]! || isLater) {
      row = other
      distance = itsDistance
    }
  }
  return { row, distance }
}

function distanceOf(
  { distances, fault, isFaultOfKind, table }: JudgedProject,
  row: number,
): Distance {
  const distance = distances[table.parts.kindOf[row]!]!
  return isFaultOfKind || distance === 3 || fault(row) === undefined ? distance : 3
}
