/** The files of a page, sorted into releases by what their names say. */
import type { NormalizedName, Version } from '@cheeseshop/packaging'
import { type ReleaseFilename, ReleaseFilenames } from './release-filename.ts'

export interface Release {
  readonly version: Version
  /** On the page, in the order of their filenames. */
  readonly places: readonly number[]
}

/** Versions are sorted, and then the few files of each: that takes far less time than to sort all files. */
export class Releases {
  /** Oldest first. */
  readonly inOrder: readonly Release[]
  /** By place; undefined for files whose names say nothing. */
  readonly names: readonly (ReleaseFilename | undefined)[]
  /** Places of those. */
  readonly strays: readonly number[]

  constructor(project: NormalizedName, filenames: readonly string[]) {
    const reader = new ReleaseFilenames(project)
    const byFilename = (a: number, b: number) => {
      const [left, right] = [filenames[a]!, filenames[b]!]
      return left < right ? -1 : left > right ? 1 : a - b
    }
    const names = filenames.map((filename) => reader.read(filename))
    const { found, strays } = placesByVersion(names)
    this.names = names
    this.strays = strays.sort(byFilename)
    this.inOrder = [...found.keys()].sort().map((key) => {
      const places = found.get(key)!.sort(byFilename)
      return { version: names[places[0]!]!.version, places }
    })
  }
}

function placesByVersion(names: Releases['names']) {
  const found = new Map<string, number[]>()
  const strays: number[] = []
  for (let place = 0; place < names.length; place++) {
    const name = names[place]
    if (name === undefined) strays.push(place)
    else put(found, name.version.sortKey, place)
  }
  return { found, strays }
}

function put(found: Map<string, number[]>, key: string, place: number): void {
  const known = found.get(key)
  if (known) known.push(place)
  else found.set(key, [place])
}
