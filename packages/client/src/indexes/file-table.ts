/**
 * The files of a project by version, and what kind each is: a page of ten thousand files is searched, and read from the
 * cache, without a value for each of them.
 */
import {
  type ListedFiles,
  type NormalizedName,
  type ProjectDetail,
  type ProjectFile,
  parseVersion,
  type Version,
} from '@cheeseshop/packaging'
import { Releases } from './releases.ts'

/** What a search asks of a file: most files of a project share it with many others. */
export interface FileKind {
  /** Where in `tags`; -1 for an sdist. */
  readonly tag: number
  /** Where in `pythons`; -1 where a file asks for none. */
  readonly python: number
  readonly build: number
  readonly isYanked: boolean
}

/** Rows of a release stand together, in the order of their filenames. */
export interface FileTableParts {
  /** Normalised versions, oldest first. */
  readonly releases: readonly string[]
  /** Behind the last row of each release; rows after those are of files whose names say nothing. */
  readonly ends: readonly number[]
  /** Places of releases that are pre-releases. */
  readonly prereleases: readonly number[]
  readonly tags: readonly string[]
  /** Each Requires-Python once. */
  readonly pythons: readonly string[]
  /** Each kind of file once. */
  readonly kinds: readonly FileKind[]
  /** By row: where in `kinds`. */
  readonly kindOf: Int32Array
  /** By row: where the page had it. */
  readonly places: () => Int32Array
  /** The file of a row. */
  readonly file: (row: number) => ProjectFile
}

/** What a table is made of: columns with one entry for each file, in the order of the page. */
export type FileColumns = Pick<ListedFiles, 'filenames' | 'requiresPython' | 'isYanked'>

/** A page both ways: as a value for those who look at all of it, as a table for those who search. */
export interface TabledPage {
  readonly detail: ProjectDetail
  readonly table: FileTable
  /** How its files are written, where that is known. */
  readonly written?: WrittenFiles
  /** Tells its content from every other; undefined where it is not kept. */
  readonly mark?: string | undefined
}

/** Files as texts in JSON. */
export interface WrittenFiles {
  readonly bytes: Uint8Array
  /** By place on the page. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** Of the page whose words they are. Undefined where they are our own. */
  readonly baseUrl: string | undefined
}

export class FileTable {
  readonly parts: FileTableParts
  readonly #versions: (Version | undefined)[] = []

  constructor(parts: FileTableParts) {
    this.parts = parts
  }

  static of(project: NormalizedName, files: readonly ProjectFile[]): FileTable {
    const columns = {
      filenames: files.map(({ filename }) => filename),
      requiresPython: files.map(({ requiresPython }) => requiresPython),
      isYanked: files.map(({ yanked }) => yanked !== false),
    }
    return FileTable.ofColumns(project, columns, (place) => files[place]!)
  }

  /** `file` tells the file at a place of the page. */
  static ofColumns(
    project: NormalizedName,
    columns: FileColumns,
    file: (place: number) => ProjectFile,
  ): FileTable {
    const { places, ...parts } = partsOf(columns, new Releases(project, columns.filenames))
    return new FileTable({ ...parts, places: () => places, file: (row) => file(places[row]!) })
  }

  get rowCount(): number {
    return this.parts.kindOf.length
  }

  version(release: number): Version {
    this.#versions[release] ??= parseVersion(this.parts.releases[release]!)
    return this.#versions[release]
  }

  /** All files, as the page had them. */
  files(): ProjectFile[] {
    const files: ProjectFile[] = new Array(this.rowCount)
    for (const [row, place] of this.parts.places().entries()) files[place] = this.parts.file(row)
    return files
  }
}

function partsOf({ requiresPython, isYanked }: FileColumns, releases: Releases) {
  const { inOrder, names, strays } = releases
  const places = new Int32Array(names.length)
  const kinds = new Kinds()
  const tags = new Numbering()
  const pythons = new Numbering()
  const kindOf = new Int32Array(names.length)
  const ends: number[] = []
  const prereleases: number[] = []
  let row = 0
  for (const [at, release] of inOrder.entries()) {
    if (release.version.isPrerelease) prereleases.push(at)
    for (const place of release.places) {
      const { tag, build } = names[place]!
      places[row] = place
      const python = pythons.of(requiresPython[place])
      kindOf[row++] = kinds.of(tags.of(tag), python, build, isYanked[place]!)
    }
    ends.push(row)
  }
  places.set(strays, row)
  if (strays.length > 0) kindOf.fill(kinds.of(-1, -1, 0, false), row)
  return {
    releases: inOrder.map(({ version }) => version.toString()),
    ...{ places, ends, prereleases, kindOf, kinds: kinds.values },
    ...{ tags: tags.values, pythons: pythons.values },
  }
}

/** Numbers for texts, in the order in which they come. */
class Numbering {
  readonly values: string[] = []
  readonly #numbers = new Map<string, number>()

  of(text: string | undefined): number {
    if (text === undefined) return -1
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.values.push(text) - 1
      this.#numbers.set(text, number)
    }
    return number
  }
}

class Kinds {
  readonly values: FileKind[] = []
  readonly #numbers = new Map<number | string, number>()

  of(tag: number, python: number, build: number, isYanked: boolean): number {
    // A small number is found fastest.
    const isPlain = build === 0 && !isYanked && python < 2 ** 12
    const key = isPlain ? tag * 2 ** 13 + python : `${tag} ${python} ${build} ${isYanked}`
    let number = this.#numbers.get(key)
    if (number === undefined) {
      number = this.values.push({ tag, python, build, isYanked }) - 1
      this.#numbers.set(key, number)
    }
    return number
  }
}
