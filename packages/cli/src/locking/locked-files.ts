/** The files of a version that a lock names, all with hashes. */

import type { Client } from '@cheeseshop/client'
import {
  environmentsOfTags,
  type MarkerSet,
  MarkerSets,
  type ProjectFile,
  parseTag,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import { type HashTools, withHashes } from '../installing/file-hashes.ts'
import type { LockAnswer, LockedPin } from './lock-answer.ts'

export class LockedFiles {
  readonly #tools: HashTools & { readonly client: Client }
  readonly #answer: LockAnswer
  readonly #sets = new MarkerSets()
  readonly #hashed = new Map<string, Promise<ProjectFile>>()
  #fetched = 0

  constructor(tools: HashTools & { readonly client: Client }, answer: LockAnswer) {
    this.#tools = tools
    this.#answer = answer
  }

  async of(pin: LockedPin): Promise<ProjectFile[]> {
    return Promise.all((await this.#listed(pin)).map((file) => this.hashed(file)))
  }

  /** How many came over the network to be hashed. */
  get fetched(): number {
    return this.#fetched
  }

  /** PEP 751 wants a hash for every file. */
  async hashed(file: ProjectFile): Promise<ProjectFile> {
    if (Object.keys(file.hashes).length > 0) return file
    const known = this.#hashed.get(file.url)
    if (known) return known
    if (!file.url.startsWith('file:')) this.#fetched += 1
    const hashed = withHashes(file, this.#tools)
    this.#hashed.set(file.url, hashed)
    return hashed
  }

  /** Of a lock for many environments only those that one of them can use. */
  async #listed(pin: LockedPin): Promise<ProjectFile[]> {
    const page = await this.#tools.client.project(pin.candidate.name)
    const files = (page?.detail.files ?? []).filter((file) => isOf(file, pin))
    if (!this.#answer.many) return files
    const place = this.#placeOf(pin)
    return files.filter(({ filename }) => this.#canRun(filename, place))
  }

  #placeOf({ marker }: LockedPin): MarkerSet {
    const environments = this.#answer.many?.environments ?? []
    const pythons = this.#sets.ofPython(this.#answer.requiresPython)
    const places = environments.map((each) => this.#sets.of(each))
    const place = places.length > 0 ? places.reduce((a, b) => a.union(b)) : this.#sets.all
    return this.#sets.of(marker).intersect(place).intersect(pythons)
  }

  /** Of systems that markers have no name for nothing is known. */
  #canRun(filename: string, place: MarkerSet): boolean {
    if (!filename.endsWith('.whl')) return true
    const tags = parseTag(filename.slice(0, -4).split('-').slice(-3).join('-'))
    const runsOn = this.#sets.of(environmentsOfTags(tags))
    return runsOn.isEmpty() || !runsOn.isDisjointFrom(place)
  }
}

function isOf({ filename, yanked }: ProjectFile, { candidate }: LockedPin): boolean {
  const parsed = tryParseWheelFilename(filename) ?? tryParseSdistFilename(filename)
  if (parsed?.name !== candidate.name || !parsed.version.equals(candidate.version)) return false
  return yanked === false || (candidate.isYanked ?? false)
}
