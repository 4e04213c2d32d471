/** The files of a page, sorted into releases by what their names say. */
import type { NormalizedName, Version } from '@cheeseshop/packaging'
import { type ReleaseFilename, ReleaseFilenames } from './release-filename.ts'

export interface Release {
  readonly version: Version
  /** On the page, in the order of their filenames. */
  readonly places: readonly number[]
  readonly names: readonly ReleaseFilename[]
}

interface Found {
  readonly place: number
  readonly name: ReleaseFilename
}

/** Versions are sorted, and then the few files of each: that takes far less time than to sort all files. */
export class Releases {
  /** Oldest first. */
  readonly inOrder: readonly Release[]
  /** Places of files whose names say nothing. */
  readonly strays: readonly number[]

  constructor(project: NormalizedName, filenames: readonly string[]) {
    const names = new ReleaseFilenames(project)
    const found = new Map<string, Found[]>()
    const strays: number[] = []
    for (let place = 0; place < filenames.length; place++) {
      const name = names.read(filenames[place]!)
      if (name === undefined) strays.push(place)
      else put(found, name.version.sortKey, { place, name })
    }
    const byFilename = (a: number, b: number) => {
      const [left, right] = [filenames[a]!, filenames[b]!]
      return left < right ? -1 : left > right ? 1 : a - b
    }
    this.strays = strays.sort(byFilename)
    this.inOrder = [...found.keys()].sort().map((key) => {
      const sorted = found.get(key)!.sort((a, b) => byFilename(a.place, b.place))
      const places = sorted.map(({ place }) => place)
      return { version: sorted[0]!.name.version, places, names: sorted.map(({ name }) => name) }
    })
  }
}

function put(found: Map<string, Found[]>, key: string, file: Found): void {
  const known = found.get(key)
  if (known) known.push(file)
  else found.set(key, [file])
}
