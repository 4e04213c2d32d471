/** What the name of a file says, read quickly: pages repeat names, versions and tags, and each is read once. */
import {
  type NormalizedName,
  normalizeName,
  tryParseSdistFilename,
  tryParseVersion,
  type Version,
} from '@cheeseshop/packaging'

export interface ReleaseFilename {
  readonly version: Version
  /** `py3-none-any`, as written and not checked; undefined for an sdist. */
  readonly tag: string | undefined
  /** The number a build tag begins with, else 0. */
  readonly build: number
}

export class ReleaseFilenames {
  readonly #project: NormalizedName
  readonly #isOurs = new Map<string, boolean>()
  readonly #versions = new Map<string, Version | undefined>()

  constructor(project: NormalizedName) {
    this.#project = project
  }

  /** Undefined for a file of another project, and for one whose name says nothing. */
  read(filename: string): ReleaseFilename | undefined {
    if (!filename.endsWith('.whl')) return this.#readSdist(filename)
    const [project, version, third, fourth, last] = dashesOf(filename)
    if (last === undefined) return undefined
    const isBuilt = last > fourth!
    const build = isBuilt ? filename.slice(version! + 1, third) : ''
    if (!this.#isProject(filename.slice(0, project)) || (isBuilt && !/^\d/.test(build)))
      return undefined
    const parsed = this.#version(filename.slice(project! + 1, version))
    const tag = filename.slice((isBuilt ? third! : version!) + 1, -4)
    const number = isBuilt ? Math.min(Number.parseInt(build, 10), 2 ** 30) : 0
    return parsed && { version: parsed, tag, build: number }
  }

  #readSdist(filename: string): ReleaseFilename | undefined {
    // Told apart first: an error for each installer of long ago would take most of the time.
    if (!filename.endsWith('.tar.gz') && !filename.endsWith('.zip')) return undefined
    const parsed = tryParseSdistFilename(filename)
    if (parsed?.name !== this.#project) return undefined
    return { version: parsed.version, tag: undefined, build: 0 }
  }

  #isProject(text: string): boolean {
    let isOurs = this.#isOurs.get(text)
    if (isOurs === undefined) {
      isOurs = normalizeName(text) === this.#project
      this.#isOurs.set(text, isOurs)
    }
    return isOurs
  }

  #version(text: string): Version | undefined {
    if (!this.#versions.has(text)) this.#versions.set(text, tryParseVersion(text))
    return this.#versions.get(text)
  }
}

/** Where the four or five dashes of a wheel's name are; the last is there twice where there are four. None of others. */
function dashesOf(filename: string): number[] {
  const dashes: number[] = []
  for (let at = filename.indexOf('-'); at >= 0; at = filename.indexOf('-', at + 1)) {
    if (dashes.push(at) > 5) return []
  }
  if (dashes.length === 4) dashes.push(dashes[3]!)
  return dashes.length === 5 ? dashes : []
}
