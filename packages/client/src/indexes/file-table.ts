/**
 * The files of a project as columns, by version: a page of ten thousand files is searched, and read from the cache,
 * without a value for each of them.
 */
import {
  type NormalizedName,
  type ProjectDetail,
  type ProjectFile,
  parseVersion,
  type Version,
} from '@cheeseshop/packaging'
import { type ReleaseFilename, ReleaseFilenames } from './release-filename.ts'

/** Numbers by row. Rows of a release stand together, in the order of their filenames. */
export interface FileColumns {
  /** Where in `tags`; -1 for an sdist. */
  readonly tag: Int32Array
  /** Where in `pythons`; -1 where a file asks for none. */
  readonly python: Int32Array
  readonly build: Int32Array
  readonly isYanked: Int32Array
  /** Where the page had it. */
  readonly place: Int32Array
}

export interface FileTableParts {
  /** Normalised versions, oldest first. */
  readonly releases: readonly string[]
  /** Behind the last row of each release; rows after those are of files whose names say nothing. */
  readonly ends: readonly number[]
  readonly tags: readonly string[]
  /** Each Requires-Python once. */
  readonly pythons: readonly string[]
  readonly columns: FileColumns
  /** The file of a row. */
  readonly file: (row: number) => ProjectFile
}

/** A page both ways: as a value for those who look at all of it, as a table for those who search. */
export interface TabledPage {
  readonly detail: ProjectDetail
  readonly table: FileTable
}

export class FileTable {
  readonly parts: FileTableParts
  readonly #versions: (Version | undefined)[] = []

  constructor(parts: FileTableParts) {
    this.parts = parts
  }

  static of(project: NormalizedName, files: readonly ProjectFile[]): FileTable {
    const names = new ReleaseFilenames(project)
    const rows = files.map((file, place) => ({ file, place, name: names.read(file.filename) }))
    return new FileTable(partsOf(rows.sort(compareRows)))
  }

  get rowCount(): number {
    return this.parts.columns.tag.length
  }

  version(release: number): Version {
    this.#versions[release] ??= parseVersion(this.parts.releases[release]!)
    return this.#versions[release]
  }

  /** All files, as the page had them. */
  files(): ProjectFile[] {
    const files: ProjectFile[] = new Array(this.rowCount)
    for (const [row, place] of this.parts.columns.place.entries())
      files[place] = this.parts.file(row)
    return files
  }
}

interface Row {
  readonly file: ProjectFile
  readonly place: number
  readonly name: ReleaseFilename | undefined
}

/** Oldest release first, then by filename; what belongs to no release comes last. */
function compareRows(a: Row, b: Row): number {
  const [left, right] = [a.name?.version.sortKey ?? '\uffff', b.name?.version.sortKey ?? '\uffff']
  if (left !== right) return left < right ? -1 : 1
  const [ours, theirs] = [a.file.filename, b.file.filename]
  return ours < theirs ? -1 : ours > theirs ? 1 : a.place - b.place
}

function partsOf(rows: readonly Row[]): FileTableParts {
  const columns = emptyColumns(rows.length)
  const tags = new Numbering()
  const pythons = new Numbering()
  const releases: string[] = []
  const ends: number[] = []
  let last: string | undefined
  for (const [row, { file, place, name }] of rows.entries()) {
    columns.tag[row] = tags.of(name?.tag)
    columns.python[row] = pythons.of(file.requiresPython)
    columns.build[row] = name?.build ?? 0
    columns.isYanked[row] = file.yanked === false ? 0 : 1
    columns.place[row] = place
    if (name === undefined) continue
    if (name.version.sortKey !== last) releases.push(name.version.toString())
    last = name.version.sortKey
    ends[releases.length - 1] = row + 1
  }
  const file = (row: number) => rows[row]!.file
  return { releases, ends, tags: tags.values, pythons: pythons.values, columns, file }
}

export function emptyColumns(count: number): FileColumns {
  const column = () => new Int32Array(count)
  return { tag: column(), python: column(), build: column(), isYanked: column(), place: column() }
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
