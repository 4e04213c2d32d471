/** Replays the log of a project: which files it had in the end, and which of them were yanked. */

export interface LoggedChange {
  readonly type:
    | 'file-published'
    | 'file-yanked'
    | 'file-unyanked'
    | 'file-deleted'
    | 'release-yanked'
    | 'release-unyanked'
    | 'release-deleted'
    | 'project-deleted'
  readonly version: string | null
  readonly filename: string | null
  /** JSON. */
  readonly facts: string
}

export interface Yank {
  readonly reason?: string
}

interface PresentFile {
  version: string
  yank?: Yank | undefined
}

/** The files of a version, and how many of them are not yanked: a release may have thousands, and each has its event. */
interface PresentRelease {
  readonly files: Map<string, PresentFile>
  good: number
}

/** By filename. */
export function presentFiles(changes: readonly LoggedChange[]): ReadonlyMap<string, PresentFile> {
  const replay = new Replay()
  for (const change of changes) replay.apply(change)
  return replay.files
}

class Replay {
  readonly files = new Map<string, PresentFile>()
  readonly #releases = new Map<string, PresentRelease>()

  apply(change: LoggedChange): void {
    const { type } = change
    const filename = change.filename ?? ''
    const release = this.#releaseOf(change.version ?? '')
    if (type === 'file-published') this.#publish(filename, change)
    else if (type === 'file-deleted') this.#remove(filename)
    else if (type === 'project-deleted') {
      this.files.clear()
      this.#releases.clear()
    } else if (type === 'release-deleted') {
      for (const name of [...release.files.keys()]) this.#remove(name)
    } else {
      const yank = type.endsWith('-yanked') ? readYank(change.facts) : undefined
      const changed = type.startsWith('file-') ? [this.files.get(filename)] : release.files.values()
      for (const file of changed) if (file) this.#yank(file, yank)
    }
  }

  #publish(filename: string, { version: said, facts }: LoggedChange): void {
    this.#remove(filename)
    const version = said ?? ''
    const release = this.#releaseOf(version)
    const [first] = release.files.values()
    const { yanked } = JSON.parse(facts) as { yanked?: Yank | false }
    // As when it was published: a file joins a release that is yanked as a whole as a yanked one.
    const joined = release.good === 0 ? first?.yank : undefined
    const file = { version, yank: yanked === undefined ? joined : yanked || undefined }
    this.files.set(filename, file)
    release.files.set(filename, file)
    if (file.yank === undefined) release.good++
  }

  #remove(filename: string): void {
    const file = this.files.get(filename)
    if (file === undefined) return
    const release = this.#releaseOf(file.version)
    this.files.delete(filename)
    release.files.delete(filename)
    if (file.yank === undefined) release.good--
  }

  #yank(file: PresentFile, yank: Yank | undefined): void {
    const change = Number(yank === undefined) - Number(file.yank === undefined)
    this.#releaseOf(file.version).good += change
    file.yank = yank
  }

  #releaseOf(version: string): PresentRelease {
    const known = this.#releases.get(version) ?? { files: new Map(), good: 0 }
    this.#releases.set(version, known)
    return known
  }
}

function readYank(facts: string): Yank {
  const { reason } = JSON.parse(facts) as Yank
  return reason === undefined ? {} : { reason }
}
