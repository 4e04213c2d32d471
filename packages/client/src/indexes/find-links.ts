/** Places that hold files of any project: folders, and pages of links. Each is looked at once. */
import { fileURLToPath } from 'node:url'
import {
  type NormalizedName,
  type ProjectFile,
  tryParseSdistFilename,
  tryParseWheelFilename,
} from '@cheeseshop/packaging'
import type { HttpCache } from '../cache/http-cache.ts'
import { redactUrl } from '../redact-url.ts'
import type { IndexLocation } from './index-location.ts'
import { readLocalLinks } from './local-files.ts'
import { readSimplePage } from './simple-page.ts'

export interface FoundFiles {
  readonly index: IndexLocation
  readonly files: readonly ProjectFile[]
}

type FilesByName = ReadonlyMap<NormalizedName, ProjectFile[]>

export class FindLinks {
  readonly #places: readonly string[]
  readonly #cache: HttpCache
  readonly #pageLimit: number
  readonly #read = new Map<string, Promise<FilesByName>>()

  constructor(places: readonly string[], cache: HttpCache, pageLimit: number) {
    this.#places = places
    this.#cache = cache
    this.#pageLimit = pageLimit
  }

  get isEmpty(): boolean {
    return this.#places.length === 0
  }

  /** Of each place that has files of the project, those files. */
  async filesOf(name: NormalizedName): Promise<FoundFiles[]> {
    const found = await Promise.all(
      this.#places.map(async (place) => ({
        index: { kind: 'find-links', url: redactUrl(place) } as const,
        files: (await this.#readOnce(place)).get(name) ?? [],
      })),
    )
    return found.filter(({ files }) => files.length > 0)
  }

  #readOnce(place: string): Promise<FilesByName> {
    let files = this.#read.get(place)
    if (files === undefined) {
      files = this.#readPlace(place).then(groupByName)
      this.#read.set(place, files)
    }
    return files
  }

  async #readPlace(place: string): Promise<readonly ProjectFile[]> {
    if (/^file:/i.test(place)) return readLocalLinks(fileURLToPath(place))
    if (!/^https?:/i.test(place)) return readLocalLinks(place)
    const accept = 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1'
    const request = { url: place, accept, limit: this.#pageLimit }
    return (await this.#cache.get(request, readSimplePage)).files
  }
}

function groupByName(files: readonly ProjectFile[]): FilesByName {
  const byName = new Map<NormalizedName, ProjectFile[]>()
  for (const file of files) {
    const parsed = tryParseWheelFilename(file.filename) ?? tryParseSdistFilename(file.filename)
    if (parsed === undefined) continue
    const list = byName.get(parsed.name)
    if (list === undefined) byName.set(parsed.name, [file])
    else list.push(file)
  }
  return byName
}
