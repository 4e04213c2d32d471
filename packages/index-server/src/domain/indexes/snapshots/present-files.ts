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

/** By filename. */
export function presentFiles(changes: readonly LoggedChange[]): ReadonlyMap<string, PresentFile> {
  const files = new Map<string, PresentFile>()
  for (const change of changes) apply(files, change)
  return files
}

function apply(files: Map<string, PresentFile>, change: LoggedChange): void {
  const { type } = change
  const version = change.version ?? ''
  const filename = change.filename ?? ''
  const file = files.get(filename)
  const ofRelease = [...files].filter(([, each]) => each.version === version)
  if (type === 'file-published') {
    // As when it was published: a file joins a release that is yanked as a whole as a yanked one.
    const isYanked = ofRelease.length > 0 && ofRelease.every(([, each]) => each.yank)
    const { yanked } = JSON.parse(change.facts) as { yanked?: Yank | false }
    const joined = isYanked ? ofRelease[0]?.[1].yank : undefined
    files.set(filename, { version, yank: yanked === undefined ? joined : yanked || undefined })
  } else if (type === 'file-deleted') files.delete(filename)
  else if (type === 'project-deleted') files.clear()
  else if (type === 'release-deleted') for (const [name] of ofRelease) files.delete(name)
  else {
    const yank = type.endsWith('-yanked') ? readYank(change.facts) : undefined
    const changed = type.startsWith('file-') ? [file] : ofRelease.map(([, each]) => each)
    for (const each of changed) if (each) each.yank = yank
  }
}

function readYank(facts: string): Yank {
  const { reason } = JSON.parse(facts) as Yank
  return reason === undefined ? {} : { reason }
}
