/** What must change in an environment so that it holds a resolution. */

import type { NormalizedName, ProjectFile } from '@cheeseshop/packaging'
import type { Pin, Resolution } from '@cheeseshop/resolver'
import type { InstalledProject } from './environment/installed-project.ts'
import { sourceOf } from './resolve/candidate-source.ts'

export interface Plan {
  readonly install: readonly PlannedInstall[]
  /** To go without a successor. What an install replaces stands there. */
  readonly remove: readonly InstalledProject[]
  readonly keep: readonly InstalledProject[]
}

export interface PlannedInstall {
  readonly pin: Pin
  readonly file: ProjectFile
  /** What of this name is there now. */
  readonly replaces: InstalledProject | undefined
  /** The user asked for it, now or before. */
  readonly isRequested: boolean
}

export interface PlanOptions {
  /** Everything in the environment. */
  readonly installed: ReadonlyMap<NormalizedName, InstalledProject>
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
        file: source.file,
        replaces: there,
        isRequested: isRequested || (there?.isRequested ?? false),
      })
    }
  }
  return { install, keep, remove: options.isExact ? findExtraneous(resolution, options) : [] }
}

function findExtraneous(resolution: Resolution, options: PlanOptions): InstalledProject[] {
  return [...options.installed.values()].filter(
    ({ name }) => !resolution.pins.has(name) && !options.spared?.has(name),
  )
}

/** Of a direct URL only the same URL is the same; pip replaces it by a file of an index only when versions differ. */
function isThere(there: InstalledProject, { candidate }: Pin): boolean {
  if (there.version.sortKey !== candidate.version.sortKey) return false
  if (candidate.url === undefined) return true
  const isFile = candidate.url.startsWith('file:')
  return !isFile && there.directUrl?.url === candidate.url.split('#')[0]
}
