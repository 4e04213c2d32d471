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
    const parts = filename.slice(0, -4).split('-')
    if (parts.length !== 5 && parts.length !== 6) return undefined
    const build = parts.length === 6 ? parts[2]! : ''
    if (!this.#isProject(parts[0]!) || (parts.length === 6 && !/^\d/.test(build))) return undefined
    const version = this.#version(parts[1]!)
    const tag = parts.slice(-3).join('-')
    return version && { version, tag, build: Math.min(Number.parseInt(build, 10) || 0, 2 ** 30) }
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
