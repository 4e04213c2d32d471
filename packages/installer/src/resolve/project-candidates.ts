/** From the page of a project to its candidates: one per version, each with the file that would be taken. */

import {
  type NormalizedName,
  type ProjectFile,
  parseWheelFilename,
  type SpecifierSet,
  type Tag,
  tryParseSdistFilename,
  tryParseSpecifierSet,
  tryParseWheelFilename,
  type Version,
} from '@cheeseshop/packaging'
import type { Candidate, Unusable } from '@cheeseshop/resolver'
import type { FileSource } from './candidate-source.ts'
import { type FileRules, findFault, type JudgedFile } from './file-rules.ts'

/** Turns pages into candidates for one environment; what it works out of tags and specifiers is kept for the next page. */
export class FileJudge {
  readonly rules: FileRules
  readonly #ranks: ReadonlyMap<string, number>
  readonly #rankOfTags = new Map<string, number | undefined>()
  readonly #specifiers = new Map<string, SpecifierSet | undefined>()
  readonly #acceptances = new Map<string, boolean>()

  constructor(rules: FileRules) {
    this.rules = rules
    this.#ranks = new Map(rules.tags.map((tag, at) => [tagKey(tag), at]))
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
    const isWheel = file.filename.endsWith('.whl')
    const parsed = isWheel
      ? tryParseWheelFilename(file.filename)
      : tryParseSdistFilename(file.filename)
    if (parsed?.name !== name) return undefined
    const kind = isWheel ? 'wheel' : 'sdist'
    return {
      file,
      kind,
      version: parsed.version,
      rank: 'tags' in parsed ? this.#rank(file.filename, parsed.tags) : Number.MAX_SAFE_INTEGER,
      build: ('build' in parsed ? parsed.build : undefined) ?? [0, ''],
      requiresPython: this.#specifier(file.requiresPython),
      fault: findFault(name, file, kind, this.rules),
    }
  }

  #rank(filename: string, tags: readonly Tag[]): number | undefined {
    const key = filename.split('-').slice(-3).join('-')
    if (this.#rankOfTags.has(key)) return this.#rankOfTags.get(key)
    const known = tags
      .map((tag) => this.#ranks.get(tagKey(tag)))
      .filter((rank) => rank !== undefined)
    const best = known.length > 0 ? Math.min(...known) : undefined
    this.#rankOfTags.set(key, best)
    return best
  }

  /** A Requires-Python that is none says nothing. */
  #specifier(text: string | undefined): SpecifierSet | undefined {
    if (text === undefined) return undefined
    if (!this.#specifiers.has(text)) this.#specifiers.set(text, tryParseSpecifierSet(text))
    return this.#specifiers.get(text)
  }

  #acceptsPython({ file, requiresPython }: JudgedFile): boolean {
    if (requiresPython === undefined || this.rules.ignoresRequiresPython) return true
    const key = file.requiresPython!
    let answer = this.#acceptances.get(key)
    if (answer === undefined) {
      answer = requiresPython.contains(this.rules.python)
      this.#acceptances.set(key, answer)
    }
    return answer
  }

  #candidate(name: NormalizedName, judged: JudgedFile[], index: string | undefined): Candidate {
    const fitting = judged.filter((each) => each.fault === undefined && each.rank !== undefined)
    const running = fitting.filter((each) => this.#acceptsPython(each))
    const standing = running.filter(({ file }) => file.yanked === false)
    const [best] = [standing, running, fitting, judged]
      .find((each) => each.length > 0)!
      .sort(byRank)
    const { version, file, kind, requiresPython } = best!
    const source: FileSource = { kind, file, index }
    return {
      name,
      version,
      source,
      isYanked: file.yanked !== false,
      yankedReason: typeof file.yanked === 'string' ? file.yanked : undefined,
      requiresPython: this.rules.ignoresRequiresPython ? undefined : requiresPython,
      incompatible: fitting.length > 0 ? undefined : this.#whyNone(judged),
    }
  }

  #whyNone(judged: readonly JudgedFile[]): Unusable {
    const faults = judged.flatMap(({ fault }) => (fault ? [fault] : []))
    const wheels = judged.filter(({ kind, fault }) => kind === 'wheel' && !fault)
    if (wheels.length > 0) return { kind: 'tags', message: tagsMessage(wheels, this.rules.tags[0]) }
    return faults[0]!
  }
}

function tagKey({ interpreter, abi, platform }: Tag): string {
  return `${interpreter}-${abi}-${platform}`
}

/** The best tag first; of the same the later build; then in the order of names, so that pages may come in any. */
function byRank(a: JudgedFile, b: JudgedFile): number {
  const [left, right] = [a.rank ?? Number.MAX_SAFE_INTEGER, b.rank ?? Number.MAX_SAFE_INTEGER]
  if (left !== right) return left - right
  if (a.build[0] !== b.build[0]) return b.build[0] - a.build[0]
  return a.file.filename < b.file.filename ? -1 : 1
}

function tagsMessage(wheels: readonly JudgedFile[], here: Tag | undefined): string {
  const parsed = wheels.slice(0, 200).map(({ file }) => parseWheelFilename(file.filename))
  const pythons = new Set(parsed.map(({ pythonTag }) => pythonTag))
  const platforms = new Set(parsed.map(({ platformTag }) => platformTag))
  const some = (names: Set<string>) =>
    `${[...names].sort().slice(0, 3).join(', ')}${names.size > 3 ? ', ...' : ''}`
  const wanted = here ? `${here.interpreter} on ${here.platform}` : 'this environment'
  return `has no wheel for ${wanted} (only for ${some(pythons)} on ${some(platforms)})`
}

export function fileVersion(filename: string): Version | undefined {
  return (tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename))?.version
}
