/** What must change in an environment so that it holds a resolution. */

import type { DirectUrl, NormalizedName } from '@cheeseshop/packaging'
import type { Pin, Resolution } from '@cheeseshop/resolver'
import type { InstalledProject } from './environment/installed-project.ts'
import { type FileSource, sourceOf, type TreeSource } from './resolve/candidate-source.ts'
import { agreesOn, hashesOf, isSamePlace } from './resolve/direct-address.ts'

export interface Plan {
  readonly install: readonly PlannedInstall[]
  /** To go without a successor. What an install replaces stands there. */
  readonly remove: readonly InstalledProject[]
  readonly keep: readonly InstalledProject[]
}

export interface PlannedInstall {
  readonly pin: Pin
  readonly source: FileSource | TreeSource
  /** What of this name is there now. */
  readonly replaces: InstalledProject | undefined
  /** The user asked for it, now or before. */
  readonly isRequested: boolean
}

export interface PlanOptions {
  /** Everything in the environment. */
  readonly installed: ReadonlyMap<NormalizedName, InstalledProject>
  /** What of it may be removed: another environment that this one also sees keeps what it has. All, by default. */
  readonly own?: ReadonlyMap<NormalizedName, InstalledProject>
  /** Install what is there in the right version all the same. */
  readonly isForced?: boolean
  /** Remove what the resolution does not have, save these. */
  readonly isExact?: boolean
  readonly spared?: ReadonlySet<string>
}

export function planChanges(resolution: Resolution, options: PlanOptions): Plan {
  const install: PlannedInstall[] = []
  const keep: InstalledProject[] = []
  for (const [name, pin] of resolution.pins) {
    const there = options.installed.get(name)
    const source = sourceOf(pin.candidate)
    if (source.kind === 'installed') keep.push(source.project)
    else if (there && !options.isForced && isThere(there, pin)) keep.push(there)
    else {
      const isRequested = pin.requiredBy.some((by) => by.name === undefined)
      install.push({
        pin,
        source,
        replaces: (options.own ?? options.installed).get(name),
        isRequested: isRequested || (there?.isRequested ?? false),
      })
    }
  }
  return { install, keep, remove: options.isExact ? findExtraneous(resolution, options) : [] }
}

function findExtraneous(resolution: Resolution, options: PlanOptions): InstalledProject[] {
  return [...(options.own ?? options.installed).values()].filter(
    ({ name }) => !resolution.pins.has(name) && !options.spared?.has(name),
  )
}

/** pip's rule for what an index has: a file replaces what is there only when versions differ. */
function isThere(there: InstalledProject, { candidate }: Pin): boolean {
  if (there.version.sortKey !== candidate.version.sortKey) return false
  if (candidate.url === undefined) return true
  const source = sourceOf(candidate)
  const known = there.directUrl
  if (known === undefined || source.kind === 'installed') return false
  return source.kind === 'tree'
    ? isSameCommit(known, source.directUrl)
    : isSameFile(known, source, candidate.url)
}

/** Folders change without a trace, so that they are installed again; a commit never does. */
function isSameCommit(known: DirectUrl, wanted: DirectUrl): boolean {
  return (
    wanted.vcsInfo !== undefined &&
    known.vcsInfo?.commitId === wanted.vcsInfo.commitId &&
    isSamePlace(known.url, wanted.url) &&
    known.subdirectory === wanted.subdirectory
  )
}

/** A local sdist may have been made anew under its name; a wheel is told apart by the hash, where one is given. */
function isSameFile(known: DirectUrl, { kind, file }: FileSource, url: string): boolean {
  if (!isSamePlace(known.url, file.url)) return false
  if (!agreesOn(known, hashesOf(url.split('#')[1] ?? ''))) return false
  return kind === 'wheel' || !file.url.startsWith('file:')
}
