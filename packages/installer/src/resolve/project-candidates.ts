/** From the page of a project to its candidates: one per version, each with the file that would be taken. */

import {
  type NormalizedName,
  type ProjectFile,
  type SpecifierSet,
  type Tag,
  tryParseSpecifierSet,
} from '@cheeseshop/packaging'
import type { Candidate, Unusable } from '@cheeseshop/resolver'
import type { FileSource } from './candidate-source.ts'
import { type FileRules, findFault } from './file-rules.ts'
import { type FilenameFacts, FilenameReader, sdistRank } from './read-filename.ts'

/** A file of an index, judged. */
interface JudgedFile extends FilenameFacts {
  readonly file: ProjectFile
  /** Why it cannot be taken, other than its tags and Requires-Python. */
  readonly fault: Unusable | undefined
  /** How far it is from being taken: not at all, yanked, for another Python, not for here. */
  readonly distance: 0 | 1 | 2 | 3
}

/** Turns pages into candidates for one environment; what it works out of tags and specifiers is kept for the next page. */
export class FileJudge {
  readonly rules: FileRules
  readonly #filenames: FilenameReader
  readonly #specifiers = new Map<string, SpecifierSet | undefined>()
  readonly #acceptances = new Map<string, boolean>()

  constructor(rules: FileRules) {
    this.rules = rules
    this.#filenames = new FilenameReader(rules.tags)
  }

  /** In any order. Files whose names say nothing are left out, as all other tools do. */
  candidates(name: NormalizedName, files: readonly ProjectFile[], index?: string): Candidate[] {
    const byVersion = new Map<string, JudgedFile[]>()
    for (const file of files) {
      const judged = this.#judge(name, file)
      if (!judged) continue
      const key = judged.version.sortKey
      const others = byVersion.get(key)
      if (others) others.push(judged)
      else byVersion.set(key, [judged])
    }
    return [...byVersion.values()].map((judged) => this.#candidate(name, judged, index))
  }

  #judge(name: NormalizedName, file: ProjectFile): JudgedFile | undefined {
    const facts = this.#filenames.read(file.filename, name)
    if (facts === undefined) return undefined
    const fault = findFault(name, file, facts.kind, this.rules)
    const isForHere = fault === undefined && facts.rank !== undefined
    const standing = file.yanked === false ? 0 : 1
    const distance = !isForHere ? 3 : this.#acceptsPython(file.requiresPython) ? standing : 2
    return { ...facts, file, fault, distance }
  }

  /** A Requires-Python that is none says nothing. */
  #specifier(text: string): SpecifierSet | undefined {
    if (!this.#specifiers.has(text)) this.#specifiers.set(text, tryParseSpecifierSet(text))
    return this.#specifiers.get(text)
  }

  #acceptsPython(text: string | undefined): boolean {
    if (text === undefined || this.rules.ignoresRequiresPython) return true
    let answer = this.#acceptances.get(text)
    if (answer === undefined) {
      answer = this.#specifier(text)?.contains(this.rules.python) ?? true
      this.#acceptances.set(text, answer)
    }
    return answer
  }

  #candidate(name: NormalizedName, judged: JudgedFile[], index: string | undefined): Candidate {
    const { version, file, kind, distance } = judged.reduce((a, b) => (isBetter(b, a) ? b : a))
    const source: FileSource = { kind, file, index }
    const { requiresPython } = file
    const counts = requiresPython !== undefined && !this.rules.ignoresRequiresPython
    return {
      name,
      version,
      source,
      isYanked: file.yanked !== false,
      yankedReason: typeof file.yanked === 'string' ? file.yanked : undefined,
      requiresPython: counts ? this.#specifier(requiresPython) : undefined,
      incompatible: distance < 3 ? undefined : this.#whyNone(judged),
    }
  }

  #whyNone(judged: readonly JudgedFile[]): Unusable {
    const wheels = judged.filter(({ kind, fault }) => kind === 'wheel' && !fault)
    if (wheels.length > 0) return { kind: 'tags', message: tagsMessage(wheels, this.rules.tags[0]) }
    return judged.find(({ fault }) => fault)!.fault!
  }
}

/** The best tag first; of the same the later build; then in the order of names, so that pages may come in any. */
function isBetter(a: JudgedFile, b: JudgedFile): boolean {
  if (a.distance !== b.distance) return a.distance < b.distance
  const [left, right] = [a.rank ?? sdistRank, b.rank ?? sdistRank]
  if (left !== right) return left < right
  const [ours, theirs] = [Number.parseInt(a.build, 10) || 0, Number.parseInt(b.build, 10) || 0]
  return ours === theirs ? a.file.filename < b.file.filename : ours > theirs
}

function tagsMessage(wheels: readonly JudgedFile[], here: Tag | undefined): string {
  const parsed = wheels.slice(0, 200).map(({ file }) => file.filename.slice(0, -4).split('-'))
  const some = (at: number) => {
    const names = [...new Set(parsed.map((parts) => parts.at(at)!))].sort()
    return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', ...' : ''}`
  }
  const wanted = here ? `${here.interpreter} on ${here.platform}` : 'this environment'
  return `has no wheel for ${wanted} (only for ${some(-3)} on ${some(-1)})`
}
