/**
 * The solution of a resolution, kept with the marks of the pages it was made of: where the same is asked for and the same
 * would be told, the answer is the same, and nothing is solved. Decision 011.
 */

import { CacheEntries, type Client } from '@cheeseshop/client'
import type { NormalizedName } from '@cheeseshop/packaging'
import type { Resolution } from '@cheeseshop/resolver'
import type { InstalledProject } from '../environment/installed-project.ts'
import type { ResolveProjectsRequest } from '../resolve.ts'
import { digestOf } from './data-digest.ts'
import { Evidence, type Marks, wouldTell } from './evidence.ts'
import { installedCandidate } from './index-provider.ts'
import { readSolution, type SolutionText, writeSolution } from './solution-text.ts'

/** Raised when the form changes, or what is chosen: solutions of before are then no answers any more. */
const form = 1

interface Head {
  /** Digest of everything that was asked. */
  readonly question: string
}

interface Body {
  readonly marks: readonly (readonly [NormalizedName, string])[]
  /** Digest of what is installed, as far as it was seen. */
  readonly installed: string
  readonly solution: SolutionText
}

export interface SolutionKeeping {
  /** The client's, so that its pages and this are thrown away together. */
  readonly folder: string
  readonly client: Pick<Client, 'project' | 'mark' | 'keepsNeeds'>
  /** Of the tool: another one may choose otherwise. */
  readonly version: string
}

export class KeptSolution {
  /** Collects what the resolver is told. */
  readonly evidence: Evidence
  readonly #request: ResolveProjectsRequest
  readonly #client: SolutionKeeping['client']
  readonly #entries: CacheEntries<Head>
  readonly #question: string

  constructor(request: ResolveProjectsRequest, { folder, client, version }: SolutionKeeping) {
    this.evidence = new Evidence(client)
    this.#request = request
    this.#client = client
    this.#entries = new CacheEntries(folder, 'solutions')
    this.#question = digestOf([form, version, questionOf(request)])
  }

  /** Undefined where nothing is kept, or something would be told otherwise now. */
  async recall(): Promise<Resolution | undefined> {
    const entry = this.#entries.read(this.#place)
    if (entry?.head.question !== this.#question) return undefined
    try {
      const { marks, installed, solution }: Body = JSON.parse(entry.body.toString())
      const told: Marks = new Map(marks)
      if (installed !== installedAmong(told, this.#request)) return undefined
      if (!(await wouldTell(this.#client, told))) return undefined
      return readSolution(solution, (name) => installedCandidate(thereOf(name, this.#request)!))
    } catch {
      // Not of our making: it is written anew.
      return undefined
    }
  }

  keep(resolution: Resolution): void {
    const { marks } = this.evidence
    const solution = marks && writeSolution(resolution)
    if (solution === undefined) return
    const installed = installedAmong(marks!, this.#request)
    const body: Body = { marks: [...marks!], installed, solution }
    const head = { question: this.#question }
    this.#entries.write(this.#place, head, Buffer.from(JSON.stringify(body)))
  }

  /** One of 256: what is asked for once and never again makes room for others. */
  get #place(): string {
    return `solution ${this.#question.slice(0, 2)}`
  }
}

/** What is installed is no part of it: most of that concerns no project that is looked at. */
function questionOf({ installed: _, present: __, files, ...request }: ResolveProjectsRequest) {
  const { tags, ...rules } = files
  return [request, rules, textOfTags(tags)]
}

/** A thousand tags are few interpreters, each on the same platforms, which are written once: the text is a tenth as long. */
function textOfTags(tags: ResolveProjectsRequest['files']['tags']): string {
  const platforms = new Map<string, number>()
  let [text, some] = ['', '']
  for (const [at, { interpreter, abi, platform }] of tags.entries()) {
    const next = tags[at + 1]
    some += `${platform} `
    if (next?.interpreter === interpreter && next.abi === abi) continue
    const number = platforms.get(some) ?? platforms.size
    platforms.set(some, number)
    text += `${interpreter} ${abi} ${number}, `
    some = ''
  }
  return `${text}${[...platforms.keys()]}`
}

function thereOf(
  name: NormalizedName,
  { installed, present }: ResolveProjectsRequest,
): InstalledProject | undefined {
  return installed.get(name) ?? present?.get(name)
}

/** What a resolver sees of what is installed. */
function installedAmong(marks: Marks, { installed, present }: ResolveProjectsRequest): string {
  const seen = [...marks.keys()].flatMap((name) => {
    const [staying, leaving] = [installed.get(name), present?.get(name)]
    return staying || leaving ? [[name, factsOf(staying), factsOf(leaving)]] : []
  })
  return digestOf(seen)
}

function factsOf(project: InstalledProject | undefined) {
  if (project === undefined) return undefined
  const { requiresDist, requiresPython, providesExtra } = project.needs
  return [project.version, requiresDist, requiresPython, providesExtra]
}
