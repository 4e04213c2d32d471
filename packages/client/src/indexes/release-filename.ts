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
  /** How the last wheel's name begins, to the dash behind its version: those of its release begin so too. */
  #start: string | undefined
  #version: Version | undefined

  constructor(project: NormalizedName) {
    this.#project = project
  }

  /** Undefined for a file of another project, and for one whose name says nothing. */
  read(filename: string): ReleaseFilename | undefined {
    if (!filename.endsWith('.whl')) return this.#readSdist(filename)
    if (this.#start === undefined || !filename.startsWith(this.#start)) this.#readStart(filename)
    if (this.#start === undefined || this.#version === undefined) return undefined
    return readTag(filename, this.#start.length, this.#version)
  }

  #readStart(filename: string): void {
    const project = dashBehind(filename, -1)
    const version = project < 0 ? -1 : dashBehind(filename, project)
    this.#start = undefined
    if (version < 0 || !this.#isProject(filename.slice(0, project))) return
    this.#start = filename.slice(0, version + 1)
    this.#version = this.#readVersion(filename.slice(project + 1, version))
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

  #readVersion(text: string): Version | undefined {
    if (!this.#versions.has(text)) this.#versions.set(text, tryParseVersion(text))
    return this.#versions.get(text)
  }
}

/** From `start` there are two dashes, or three where a build tag comes first. */
function readTag(filename: string, start: number, version: Version): ReleaseFilename | undefined {
  const first = dashBehind(filename, start - 1)
  const second = first < 0 ? -1 : dashBehind(filename, first)
  if (second < 0) return undefined
  const third = dashBehind(filename, second)
  if (third < 0) return { version, tag: filename.slice(start, -4), build: 0 }
  const build = filename.slice(start, first)
  if (dashBehind(filename, third) >= 0 || !/^\d/.test(build)) return undefined
  const number = Math.min(Number.parseInt(build, 10), 2 ** 30)
  return { version, tag: filename.slice(first + 1, -4), build: number }
}

/** Where the next dash is; -1 where there is none. */
function dashBehind(filename: string, at: number): number {
  return filename.indexOf('-', at + 1)
}
